// "The unread count equals the number of unread rows, always, on every tab and device" (contract section 8).
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import type { Person } from '../person.ts';
import { startServer } from '../server.ts';
import { failure, notification, time } from '../shapes.ts';
import type { WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

/** The person's count is the number of their unread rows: by REST, and as the last event said. */
async function expectCountHolds(person: Person, ...tabs: Connection[]): Promise<number> {
  const rows = await person.notifications('&unread=true');
  expect(rows.every(row => !row.is_read && row.user_id === person.id)).toBe(true);
  const count = await person.get('/api/notifications/count');
  expect(count.body['data']).toStrictEqual({ count: rows.length, unread: rows.length });
  for (const tab of tabs) {
    const [last] = tab.all('notification_count_updated').toReversed();
    if (last !== undefined) expect(last.unreadCount).toBe(rows.length);
  }
  return rows.length;
}

async function forgottenTab(person: Person): Promise<Connection> {
  const tab = await person.connect();
  await orders.fence(tab);
  tab.forget();
  return tab;
}

const markAll = async (person: Person): Promise<void> => {
  const ids = (await person.notifications()).map(row => row.id);
  const body = { up_to_id: Math.max(0, ...ids) };
  await person.call('POST', '/api/notifications/mark-all-read', { body });
};

/** Whom a change of this order was told, by the rows that are there after it and were not before. */
async function told(order: WorkOrder, by: Person, changes: Record<string, unknown>): Promise<string[]> {
  const people = await Promise.all(staff.map(who => server.as(who)));
  for (const person of people) await markAll(person);
  await by.change(order.id, changes);
  const names: string[] = [];
  for (const [i, who] of staff.entries()) {
    const rows = (await people[i]?.notifications('&unread=true')) ?? [];
    expect(rows.length).toBeLessThan(2);
    if (rows.some(row => row.related_entity_id === order.id)) names.push(who);
  }
  return names;
}

describe('an assignment by another', () => {
  test('is notification_received with a whole row, then the count', async () => {
    const order = await orders.take({ technician: null });
    const tab = await forgottenTab(tarik);
    const before = await tarik.unread();
    await desk.change(order.id, { technician_id: tarik.id });
    const event = await tab.event('notification_received');
    expect(event).toStrictEqual({
      notification: {
        ...notification,
        user_id: tarik.id,
        reason: 'assigned',
        is_read: false,
        related_entity_id: order.id,
        event_count: 1,
      },
      timestamp: time,
      seq: expect.any(Number),
    });
    expect(await tab.event('notification_count_updated')).toStrictEqual({
      userId: tarik.id,
      unreadCount: before + 1,
      timestamp: time,
      seq: expect.any(Number),
    });
    const [row] = await tarik.notifications();
    expect(row).toStrictEqual(event.notification);
    await expectCountHolds(tarik, tab);
  });

  test('reaches all tabs of that person and nobody else', async () => {
    const order = await orders.take({ technician: null });
    const tabs = [await forgottenTab(tarik), await forgottenTab(tarik)];
    const device = await (await server.signInAgain('tarik')).connect();
    const others = await Promise.all([admin, manager, desk, jelena].map(forgottenTab));
    await desk.change(order.id, { technician_id: tarik.id });
    await orders.fence(...tabs, device, ...others);
    for (const tab of [...tabs, device]) {
      const of = tab
        .all('notification_received')
        .filter(each => each.notification.related_entity_id === order.id);
      expect(of).toHaveLength(1);
    }
    for (const tab of others) {
      const names = tab.received.map(event => event.name).filter(name => name.startsWith('notification_'));
      expect(names).toEqual([]);
    }
    device.close();
  });
});

describe('who is told', () => {
  test('the assigned technician of a change by another', async () => {
    const order = await orders.take({ status: 'intake', technician: tarik });
    expect(await told(order, desk, { status: 'diagnosing' })).toEqual(['tarik']);
  });

  test('never the one who did it', async () => {
    const order = await orders.take({ status: 'pending', technician: tarik });
    expect(await told(order, tarik, { status: 'in_progress' })).toEqual([]);
    expect(await told(order, tarik, { description: 'Only me' })).toEqual([]);
  });

  test('the new and the previous technician', async () => {
    const order = await orders.take({ status: 'pending', technician: tarik });
    expect(await told(order, desk, { technician_id: jelena.id })).toEqual(['tarik', 'jelena']);
  });

  test.each([
    ['in_progress', 'completed'],
    ['completed', 'ready_for_pickup'],
    ['in_progress', 'awaiting_approval'],
  ] as const)('front desk when an order goes from %s to %s', async (from, to) => {
    const order = await orders.take({ status: from, technician: tarik });
    expect(await told(order, tarik, { status: to })).toEqual(['desk']);
  });

  test('managers on an override', async () => {
    const order = await orders.take({ status: 'intake', technician: null });
    const changes = { status: 'testing', override_reason: 'Known customer' };
    expect(await told(order, admin, changes)).toEqual(['manager']);
  });

  test.each([['high'], ['urgent']])('managers on a rise to %s', async priority => {
    const order = await orders.take({ technician: null });
    await admin.change(order.id, { priority: 'low' });
    expect(await told(order, desk, { priority })).toEqual(['manager']);
  });

  test('nobody of a fall, nor of a rise below high', async () => {
    const order = await orders.take({ technician: null });
    await admin.change(order.id, { priority: 'urgent' });
    expect(await told(order, desk, { priority: 'low' })).toEqual([]);
    expect(await told(order, desk, { priority: 'medium' })).toEqual([]);
  });

  test('not a technician who does not see the order', async () => {
    const order = await orders.take({ status: 'intake', technician: tarik });
    expect(await told(order, desk, { status: 'diagnosing', priority: 'urgent' })).not.toContain('jelena');
  });
});

test('events on one entity fold into one row while it is unread: the same id, a higher event_count', async () => {
  const order = await orders.take({ status: 'intake', technician: jelena });
  await markAll(jelena);
  const tab = await forgottenTab(jelena);
  await desk.change(order.id, { status: 'diagnosing' });
  const first = await tab.event('notification_received');
  await desk.change(order.id, { status: 'quoted' });
  const again = await tab.event('notification_received', each => each.seq > first.seq);
  expect(again.notification.id).toBe(first.notification.id);
  expect(again.notification.event_count).toBe(first.notification.event_count + 1);
  await orders.fence(tab);
  // The number did not change the second time, so it was not sent again.
  expect(tab.all('notification_count_updated').map(event => event.unreadCount)).toEqual([1]);
  expect(await expectCountHolds(jelena, tab)).toBe(1);
  await markAll(jelena);
  await desk.change(order.id, { status: 'diagnosing' });
  const fresh = await tab.event('notification_received', each => each.seq > again.seq);
  expect(fresh.notification.id).not.toBe(first.notification.id);
  expect(fresh.notification.event_count).toBe(1);
});

describe('reading', () => {
  test('one row in one tab is notification_read {ids, isRead} and the count in every tab, and nowhere else', async () => {
    const order = await orders.take({ technician: null });
    const tabs = [await forgottenTab(jelena), await forgottenTab(jelena)];
    const other = await forgottenTab(manager);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tabs[0]!.event('notification_received')).notification;
    const unread = await jelena.unread();
    const answer = await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: true } });
    expect(answer.status).toBe(200);
    for (const tab of tabs) {
      expect(await tab.event('notification_read')).toStrictEqual({
        ids: [id],
        isRead: true,
        timestamp: time,
        seq: expect.any(Number),
      });
      await tab.event('notification_count_updated', each => each.unreadCount === unread - 1);
    }
    await orders.fence(other, ...tabs);
    expect(other.all('notification_read')).toEqual([]);
    await expectCountHolds(jelena, ...tabs);
  });

  test('can be undone, and the count rises again', async () => {
    const order = await orders.take({ technician: null });
    const tab = await forgottenTab(jelena);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tab.event('notification_received')).notification;
    await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: true } });
    await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: false } });
    const undone = await tab.event('notification_read', each => !each.isRead);
    expect(undone).toMatchObject({ ids: [id], isRead: false });
    await orders.fence(tab);
    await expectCountHolds(jelena, tab);
  });

  test('what is read already is 200 without an event', async () => {
    const order = await orders.take({ technician: null });
    const tab = await forgottenTab(jelena);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tab.event('notification_received')).notification;
    await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: true } });
    await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: true } });
    await orders.fence(tab);
    expect(tab.all('notification_read')).toHaveLength(1);
  });

  test('all up to an id leaves what is newer: {updated}, one event with upToId', async () => {
    const made = [
      await orders.take({ technician: null }),
      await orders.take({ technician: null }),
      await orders.take({ technician: null }),
    ];
    // What the taking has told him is behind him, so three new rows come.
    await markAll(tarik);
    const tab = await forgottenTab(tarik);
    for (const order of made) await desk.change(order.id, { technician_id: tarik.id });
    const [newest, middle] = await tarik.notifications('&unread=true');
    const answer = await tarik.call('POST', '/api/notifications/mark-all-read', {
      body: { up_to_id: middle!.id },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual({ status: 'success', data: { updated: 2 } });
    expect(await tab.event('notification_read')).toStrictEqual({
      upToId: middle!.id,
      isRead: true,
      timestamp: time,
      seq: expect.any(Number),
    });
    await orders.fence(tab);
    expect((await tarik.notifications('&unread=true')).map(row => row.id)).toEqual([newest!.id]);
    expect(await expectCountHolds(tarik, tab)).toBe(1);
  });
});

describe('deleting', () => {
  const remove = (person: Person, id: number) => person.call('DELETE', `/api/notifications/${id}`);

  test('is notification_deleted {ids} on every tab of the person and nobody else, then the count', async () => {
    const order = await orders.take({ technician: null });
    const tabs = [await forgottenTab(jelena), await forgottenTab(jelena)];
    const other = await forgottenTab(manager);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tabs[0]!.event('notification_received')).notification;
    const unread = await jelena.unread();
    expect((await remove(jelena, id)).status).toBeOneOf([200, 204]);
    for (const tab of tabs) {
      const event = await tab.event('notification_deleted');
      expect(event).toStrictEqual({ ids: [id], timestamp: time, seq: expect.any(Number) });
      const count = await tab.event('notification_count_updated', each => each.unreadCount === unread - 1);
      expect(count.seq).toBe(event.seq + 1);
    }
    await orders.fence(other, ...tabs);
    expect(other.all('notification_deleted')).toEqual([]);
    expect((await jelena.notifications()).map(row => row.id)).not.toContain(id);
    await expectCountHolds(jelena, ...tabs);
  });

  test('a row that was read leaves the count as it is, without an event for it', async () => {
    const order = await orders.take({ technician: null });
    const tab = await forgottenTab(jelena);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tab.event('notification_received')).notification;
    await jelena.call('PATCH', `/api/notifications/${id}`, { body: { is_read: true } });
    await orders.fence(tab);
    tab.forget();
    await remove(jelena, id);
    await orders.fence(tab);
    expect(tab.all('notification_deleted')).toMatchObject([{ ids: [id] }]);
    expect(tab.all('notification_count_updated')).toEqual([]);
    await expectCountHolds(jelena, tab);
  });

  test("twice, or what is another person's, is 404 without an event", async () => {
    const order = await orders.take({ technician: null });
    const tab = await forgottenTab(jelena);
    await desk.change(order.id, { technician_id: jelena.id });
    const { id } = (await tab.event('notification_received')).notification;
    expect((await remove(admin, id)).status).toBe(404);
    await remove(jelena, id);
    const again = await remove(jelena, id);
    expect(again.status).toBe(404);
    expect(again.body).toStrictEqual(failure('not_found'));
    await orders.fence(tab);
    expect(tab.all('notification_deleted')).toHaveLength(1);
  });

  test('ends the folding: what happens next is a row of its own', async () => {
    const order = await orders.take({ technician: tarik });
    const tab = await forgottenTab(tarik);
    await desk.change(order.id, { description: 'First' });
    const { notification: first } = await tab.event('notification_received');
    await remove(tarik, first.id);
    await desk.change(order.id, { description: 'Second' });
    const { notification: next } = await tab.event(
      'notification_received',
      each => each.notification.id !== first.id,
    );
    expect(next).toMatchObject({ related_entity_id: order.id, event_count: 1 });
    await orders.fence(tab);
    await expectCountHolds(tarik, tab);
  });
});

describe('GET /api/notifications', () => {
  test('filters by ?unread=true and ?type=', async () => {
    const all = await desk.notifications();
    const of = async (filter: string): Promise<number[]> =>
      (await desk.notifications(filter)).map(row => row.id);
    const ids = (keep: (row: (typeof all)[number]) => boolean): number[] =>
      all.filter(keep).map(row => row.id);
    expect(await of('&unread=true')).toEqual(ids(row => !row.is_read));
    expect(await of('&type=repair_ticket')).toEqual(ids(row => row.type === 'repair_ticket'));
    expect(await of('&type=work_order&unread=true')).toEqual(
      ids(row => row.type === 'work_order' && !row.is_read),
    );
    expect(await of('&type=system')).toEqual([]);
    expect((await desk.get('/api/notifications?type=gossip')).status).toBe(400);
    expect((await desk.get('/api/notifications?unread=perhaps')).status).toBe(400);
  });
});

describe("only the caller's own", () => {
  test("another person's row is 404 to read or to mark", async () => {
    const order = await orders.take({ technician: null });
    await desk.change(order.id, { technician_id: tarik.id });
    const [row] = await tarik.notifications('&unread=true');
    const answer = await admin.call('PATCH', `/api/notifications/${row!.id}`, { body: { is_read: true } });
    expect(answer.status).toBe(404);
    expect(answer.body).toStrictEqual(failure('not_found'));
    expect((await tarik.notifications('&unread=true')).map(each => each.id)).toContain(row!.id);
  });

  test.each(staff)('the list is newest first and whole rows: %s', async who => {
    const person = await server.as(who);
    const rows = await person.notifications();
    for (const row of rows) expect(row).toStrictEqual({ ...notification, user_id: person.id });
    const times = rows.map(row => row.updated_at);
    expect(times).toEqual(times.toSorted().toReversed());
    await expectCountHolds(person);
  });
});

test('the count holds while several people change and read at once', async () => {
  const made = [await orders.take({ technician: tarik }), await orders.take({ technician: tarik })];
  const tab = await forgottenTab(tarik);
  const busy = Array.from({ length: 12 }, async (_, i) => {
    await (i % 2 ? desk : manager).change(made[i % 2]!.id, { description: `Note ${i}` });
    const [row] = await tarik.notifications('&unread=true');
    if (row !== undefined && i % 3 === 0) {
      await tarik.call('PATCH', `/api/notifications/${row.id}`, { body: { is_read: true } });
    }
  });
  await Promise.all(busy);
  await orders.fence(tab);
  await expectCountHolds(tarik, tab);
});
