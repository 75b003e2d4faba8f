// `work_order_updated` of what is not a PATCH of the order itself: opened, noted, changed in bulk, or showing somebody who
// was renamed (contract section 6).
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { startServer } from '../server.ts';
import { note, time, workOrderInEvent, workOrderUpdated } from '../shapes.ts';
import { takeIn } from '../tickets.ts';
import type { Note, Notification, WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const managers = await manager.connect();
const desks = await desk.connect();
const tariks = await tarik.connect();
const jelenas = await jelena.connect();
const all = [managers, desks, tariks, jelenas];

const settle = async (): Promise<void> => {
  await orders.fence(...all);
  for (const each of all) each.forget();
};
beforeEach(settle);

const events = (connection: Connection, order: WorkOrder) =>
  connection.all('work_order_updated').filter(event => event.workOrderId === order.id);

const open = async (fields: object = {}): Promise<{ row: WorkOrder; seq: number }> => {
  const [customer] = await desk.customers();
  const body = { customer_id: customer!.id, device: 'Walkman', description: 'Eats tapes', ...fields };
  return desk.write<WorkOrder>('POST', '/api/work-orders', body);
};

const write = async (by: Person, order: WorkOrder, content: string, more = {}) =>
  by.write<Note>('POST', `/api/work-orders/${order.id}/notes`, { content, ...more });

const told = (connection: Connection): Notification[] =>
  connection.all('notification_received').map(event => event.notification);

describe('an order that is opened directly', () => {
  test('is `created` with data null for everyone who may see it', async () => {
    const { row, seq } = await open({ device_passcode: 'open-4711', estimate_total: '20.00' });
    await orders.fence(...all);
    for (const each of all) {
      expect(events(each, row)).toStrictEqual([
        {
          ...workOrderUpdated,
          workOrderId: row.id,
          action: 'created',
          workOrder: { ...workOrderInEvent, id: row.id, status: 'intake' },
          data: null,
          seq,
        },
      ]);
      expect(JSON.stringify(each.received)).not.toContain('open-4711');
    }
  });

  test('for a technician is seen by them alone of the technicians, with an assignment and a notification', async () => {
    const { row } = await open({ technician_id: tarik.id });
    await orders.fence(...all);
    expect(events(tariks, row)).toHaveLength(1);
    expect(tariks.all('work_order_assignment_update')).toMatchObject([
      { workOrderId: row.id, action: 'assigned', workOrder: { id: row.id } },
    ]);
    expect(told(tariks)).toMatchObject([{ reason: 'assigned', related_entity_id: row.id }]);
    expect(events(jelenas, row)).toEqual([]);
    expect(jelenas.all('work_order_removed')).toEqual([]);
  });
});

describe('a note', () => {
  test('is `note_added` with {note} for everyone who may see the order, and changes nothing of it', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    const { row, seq } = await write(desk, order, 'The customer called', { customer_visible: true });
    expect(row).toStrictEqual({
      ...note,
      work_order_id: order.id,
      author_id: desk.id,
      author_name: desk.demo.name,
      content: 'The customer called',
      customer_visible: true,
    });
    await orders.fence(...all);
    for (const each of [managers, desks, tariks]) {
      expect(events(each, order)).toStrictEqual([
        {
          ...workOrderUpdated,
          workOrderId: order.id,
          action: 'note_added',
          workOrder: { ...workOrderInEvent, id: order.id },
          data: { note: row },
          seq,
        },
      ]);
    }
    expect(events(jelenas, order)).toEqual([]);
    const { body } = await tarik.get<{ data: Note[] }>(`/api/work-orders/${order.id}/notes`);
    expect(body.data).toContainEqual(row);
  });

  test.each(['@%s', 'Please, @%s!', 'HEY @%S'])('"%s" mentions in any case', async text => {
    const order = await orders.take({ technician: null });
    await settle();
    const name = text.includes('%S') ? jelena.demo.name.toUpperCase() : jelena.demo.name;
    await write(desk, order, text.replace(/%s/i, name));
    const event = await jelenas.event('notification_received');
    expect(event.notification).toMatchObject({
      reason: 'mentioned',
      urgency: 'interrupt',
      related_entity_type: 'work_order',
      related_entity_id: order.id,
    });
    await orders.fence(...all);
    expect(told(managers)).toEqual([]);
  });

  test('that mentions one who may not see the order tells them nothing', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    await write(desk, order, `@${jelena.demo.name} for your eyes?`);
    await orders.fence(...all);
    expect(told(jelenas)).toEqual([]);
    expect(JSON.stringify(jelenas.received)).not.toContain('for your eyes');
    expect((await jelena.get(`/api/work-orders/${order.id}/notes`)).status).toBe(404);
  });

  test('that mentions its author tells nobody', async () => {
    const order = await orders.take({ technician: null });
    await settle();
    await write(jelena, order, `Note to self: @${jelena.demo.name}`);
    await orders.fence(...all);
    for (const each of all) expect(told(each)).toEqual([]);
  });
});

describe('a bulk change', () => {
  test('is the events of each order, and one notification per affected person', async () => {
    const made = [
      await orders.take({ technician: tarik, status: 'intake' }),
      await orders.take({ technician: tarik, status: 'intake' }),
      await orders.take({ technician: jelena, status: 'intake' }),
    ];
    await settle();
    const changes = { status: 'diagnosing', priority: 'urgent' };
    const body = { ids: made.map(order => order.id), changes };
    const { seq } = await admin.write('PATCH', '/api/work-orders/bulk', body);
    await orders.fence(...all);
    const seqs = made.flatMap(order => {
      const of = events(desks, order);
      const before = order.priority === 'urgent' ? ['status_changed'] : ['status_changed', 'updated'];
      expect(of.map(event => event.action)).toEqual(before);
      return of.map(event => event.seq);
    });
    expect(Math.max(...seqs)).toBe(seq);
    // All events of what was written come before the notification events that follow.
    const first = Math.min(...seqs);
    expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs.map((_, i) => first + i));
    expect(told(tariks)).toHaveLength(1);
    expect(told(jelenas)).toMatchObject([{ related_entity_id: made[2]!.id }]);
    expect(told(managers).length).toBeLessThanOrEqual(1);
    for (const event of tariks.all('notification_received')) expect(event.seq).toBeGreaterThan(seq);
  });

  test('that cannot be done for one is done for none, and nothing is told', async () => {
    const made = [
      await orders.take({ technician: tarik, status: 'intake' }),
      await orders.take({ technician: tarik, status: 'picked_up' }),
    ];
    await settle();
    const body = { ids: made.map(order => order.id), changes: { status: 'diagnosing' } };
    const answer = await manager.call('PATCH', '/api/work-orders/bulk', { body });
    expect(answer).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
    await orders.fence(...all);
    for (const order of made) for (const each of all) expect(events(each, order)).toEqual([]);
    expect(told(tariks)).toEqual([]);
  });
});

describe("a change of a customer's or user's shown field gives `updated`", () => {
  test('a customer, for each open order and ticket that shows it, with the fields each reader sees', async () => {
    const { row: ticket } = await takeIn(desk);
    const { row: order } = await open();
    await settle();
    const name = 'Renamed Customer';
    await desk.write('PATCH', `/api/customers/${order.customer_id}`, { name, phone: '+385 1 999' });
    await orders.fence(...all);
    for (const each of all) {
      const [event] = events(each, order);
      const isBench = each === tariks || each === jelenas;
      const updatedFields = { customer_name: true, ...(!isBench && { customer_phone: true }) };
      expect(event).toMatchObject({ action: 'updated', workOrder: { customer_name: name } });
      expect(event?.data).toStrictEqual({ updatedFields, updatedBy: desk.id });
      expect(event?.workOrder.customer_phone).toBe(isBench ? null : '+385 1 999');
      const shown = each.all('repair_ticket_updated').find(({ ticketId }) => ticketId === ticket.id);
      expect(shown).toMatchObject({ action: 'updated', ticket: { customer_name: name } });
      expect(shown?.data).toStrictEqual({ updatedFields, updatedBy: desk.id });
    }
  });

  test('of a field that is hidden from technicians comes to them without naming it', async () => {
    const { row: order } = await open();
    await settle();
    await desk.write('PATCH', `/api/customers/${order.customer_id}`, { email: 'new@posta.example' });
    await orders.fence(...all);
    expect(events(managers, order)[0]?.data).toMatchObject({ updatedFields: { customer_email: true } });
    for (const each of [tariks, jelenas]) {
      expect(JSON.stringify(each.received)).not.toMatch(/customer_email":true|new@posta/);
    }
    expect((await tarik.order(order.id)).version).toBe((await desk.order(order.id)).version);
  });

  test('a technician, for each of their open orders and the tickets that they took in', async () => {
    const { row: order } = await open({ technician_id: jelena.id });
    const { row: ticket } = await takeIn(jelena);
    await settle();
    await admin.write('PATCH', `/api/users/${jelena.id}`, { name: 'Jelena Novak' });
    await orders.fence(...all);
    for (const each of [managers, desks, jelenas]) {
      expect(events(each, order)).toMatchObject([
        {
          action: 'updated',
          data: { updatedFields: { technician_name: true }, updatedBy: admin.id },
          workOrder: { technician_name: 'Jelena Novak' },
        },
      ]);
      const of = each.all('repair_ticket_updated').filter(({ ticketId }) => ticketId === ticket.id);
      expect(of).toMatchObject([{ ticket: { submitted_by_name: 'Jelena Novak' } }]);
    }
    await admin.write('PATCH', `/api/users/${jelena.id}`, { name: jelena.demo.name });
  });
});

describe('GET /api/work-orders/:id/history', () => {
  interface Entry {
    readonly seq: number;
    readonly event: string;
    readonly payload: { readonly workOrder: WorkOrder };
    readonly at: string;
  }

  test.each(['admin', 'manager', 'desk', 'tarik'] as const)(
    "is the order's entries {seq, event, payload, at}, newest first, as the events came: %s",
    async who => {
      const person = await server.as(who);
      const { row: order } = await open({ technician_id: tarik.id });
      const connection = await person.connect();
      await admin.change(order.id, { status: 'diagnosing', cost_total: '77.11' });
      await write(desk, order, 'For the history');
      await orders.fence(connection);
      const { body } = await person.get<{ data: Entry[] }>(`/api/work-orders/${order.id}/history`);
      expect(body.data.map(entry => entry.seq)).toEqual(
        body.data.map(entry => entry.seq).toSorted((a, b) => b - a),
      );
      const came = events(connection, order).toReversed();
      expect(came.length).toBeGreaterThanOrEqual(2);
      expect(body.data.slice(0, came.length)).toStrictEqual(
        came.map(payload => ({ seq: payload.seq, event: 'work_order_updated', payload, at: time })),
      );
      expect(JSON.stringify(body).includes('77.11')).toBe(who === 'admin' || who === 'manager');
    },
  );
});
