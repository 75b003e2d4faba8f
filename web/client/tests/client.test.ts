import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient, type ClientOptions, type ShopbellClient } from '../src/index.ts';
import { at, notification, workOrder } from './fixtures.ts';
import { FakeServer } from './server.ts';

let server: FakeServer;
let client: ShopbellClient;
let stop = () => {};

function connect(tokens: ClientOptions['tokens'] = () => 'good'): ShopbellClient {
  client = createClient({ url: server.url, tokens });
  stop = client.start();
  return client;
}

/** Long, because a busy machine is not what is tested; a test that passes does not wait for it. */
const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 5 });
const isConnected = () => until(() => client.connection.isConnected);

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(async () => {
  stop();
  await server.stop();
  vi.unstubAllGlobals();
});

describe('the connection', () => {
  test('hears events under their names, and one handler that throws silences no other', async () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    connect();
    const heard: number[] = [];
    client.connection.on('notification_count_updated', () => {
      throw new Error('mine');
    });
    const undo = client.connection.on(
      'notification_count_updated',
      event => void heard.push(event.unreadCount),
    );
    await isConnected();
    server.emit('notification_count_updated', { userId: 3, unreadCount: 4, timestamp: at, seq: 1 });
    await until(() => heard.length === 1);
    expect(client.store.state.unread?.count).toBe(4);
    expect(reported).toHaveBeenCalledTimes(1);
    undo();
    server.emit('notification_count_updated', { userId: 3, unreadCount: 5, timestamp: at, seq: 2 });
    await until(() => client.store.state.unread?.count === 5);
    expect(heard).toEqual([4]);
  });

  test('comes back by itself with a fresh token and joins its rooms again', async () => {
    const tokens = vi.fn(() => 'good');
    connect(tokens);
    client.rooms.join('work_order_7');
    await isConnected();
    await until(() => server.asked.length === 1);
    server.cut();
    await until(() => client.connection.state === 'reconnecting');
    await isConnected();
    await until(() => server.asked.length === 2);
    expect(server.asked).toEqual(['join_room work_order_7', 'join_room work_order_7']);
    expect(tokens.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('asks for a better token once when one is refused', async () => {
    const renew = vi.fn(async () => {
      access.mockResolvedValue('good');
      return 'good';
    });
    const access = vi.fn(async () => 'stale');
    connect({ access, renew });
    await isConnected();
    expect(renew.mock.calls).toEqual([['stale']]);
  });

  test('is unauthorized when there is no better one, and connects when started after signing in', async () => {
    let token = 'stale';
    connect(() => token);
    await until(() => client.connection.state === 'unauthorized');
    token = 'good';
    client.start();
    await isConnected();
  });

  test('is unauthorized when nobody is signed in', async () => {
    connect(() => null);
    await until(() => client.connection.state === 'unauthorized');
    expect(server.sockets).toHaveLength(0);
  });

  test('does not send what a page wanted to send while it was away, and never throws', async () => {
    connect();
    expect(client.connection.emit('join_room', 'work_order_1')).toBe(false);
    await isConnected();
    vi.stubGlobal('reportError', vi.fn());
    expect(client.connection.emit('disconnect')).toBe(false);
    expect(client.connection.emit('join_room', 'work_order_2')).toBe(true);
    await until(() => server.asked.length === 1);
    expect(server.asked).toEqual(['join_room work_order_2']);
    client.connection.stop();
    expect(await client.connection.request('join_room', 'work_order_3')).toMatchObject({
      ok: false,
      code: 'unavailable',
    });
  });
});

describe('rooms', () => {
  test('are joined once for two who want them, and left with the last', async () => {
    connect();
    await isConnected();
    client.rooms.join('work_order_7');
    client.rooms.join('work_order_7');
    client.rooms.leave('work_order_7');
    await until(() => server.asked.length === 1);
    client.rooms.leave('work_order_7');
    await until(() => server.asked.length === 2);
    expect(server.asked).toEqual(['join_room work_order_7', 'leave_room work_order_7']);
  });

  test('left and wanted again within one task are neither left nor joined again', async () => {
    connect();
    await isConnected();
    client.rooms.join('work_order_7');
    client.rooms.leave('work_order_7');
    client.rooms.join('work_order_7');
    client.rooms.join('ticket_1');
    await until(() => server.asked.includes('join_room ticket_1'));
    expect(server.asked).toEqual(['join_room work_order_7', 'join_room ticket_1']);
  });
});

describe('what is shown', () => {
  test('is read when somebody begins to look, and again when it has to be, by one request for all who look', async () => {
    let unread = 2;
    server.answers.set('GET /api/notifications/count', () => ({
      data: { count: unread, unread },
      seq: unread,
    }));
    connect();
    const undo = client.unread.watch();
    client.unread.watch();
    await until(() => client.store.state.unread?.count === 2);
    await isConnected();
    await until(() => !client.unread.isPending);
    const before = server.requests.length;
    unread = 3;
    server.tell('resync_required', { reason: 'too_old', seq: 3, timestamp: at });
    await until(() => client.store.state.unread?.count === 3);
    expect(server.requests).toHaveLength(before + 1);
    undo();
  });

  test('is not read for nobody', async () => {
    connect();
    client.workOrder(7).watch()();
    await isConnected();
    await until(() => server.requests.some(path => path.includes('/api/work-orders/7')));
    const before = server.requests.filter(path => path.includes('/api/')).length;
    server.tell('resync_required', { reason: 'too_old', seq: 3, timestamp: at });
    await until(() => client.timeline.cursor?.seq === 3);
    expect(server.requests.filter(path => path.includes('/api/'))).toHaveLength(before);
  });

  test('an order that is not there is removed from what is known', async () => {
    connect();
    client.store.apply({ kind: 'work_order_read', row: workOrder(), seq: 4 });
    client.workOrder(7).watch();
    await until(() => client.workOrder(7).error !== null);
    expect(client.workOrder(7).error?.code).toBe('not_found');
    expect(client.store.state.workOrders.has(7)).toBe(false);
  });

  test('the passcode is asked for again when the order changed hands', async () => {
    server.answers.set('GET /api/work-orders/7', () => ({
      data: workOrder({ version: 2, technician_id: 3, device_passcode: '2580' }),
      seq: 9,
    }));
    connect();
    await isConnected();
    client.store.apply({ kind: 'work_order_read', row: workOrder({ device_passcode: null }), seq: 4 });
    client.workOrder(7).watch();
    await until(() => client.store.state.workOrders.get(7)?.row.device_passcode === '2580');
    server.answers.set('GET /api/work-orders/7', () => ({
      data: workOrder({ version: 3, technician_id: 4, device_passcode: '1111' }),
      seq: 12,
    }));
    server.emit('work_order_updated', {
      workOrderId: 7,
      action: 'assigned',
      workOrder: workOrder({ version: 3, technician_id: 4 }),
      data: { technicianId: 4, previousTechnicianId: 3, assignedBy: 1 },
      timestamp: at,
      seq: 11,
    });
    await until(() => client.store.state.workOrders.get(7)?.row.device_passcode === '1111');
  });
});

describe('notifications', () => {
  test('marking one shows at once, and asks for the count when no event can bring it', async () => {
    server.answers.set('PATCH /api/notifications/1', () => ({
      data: notification({ is_read: true }),
      seq: 5,
    }));
    server.answers.set('GET /api/notifications/count', () => ({ data: { count: 0, unread: 0 }, seq: 6 }));
    client = createClient({ url: server.url, tokens: () => 'good' });
    client.store.apply({ kind: 'notification_written', row: notification(), seq: 2 });
    await client.inboxes.mark(1, true);
    expect(client.store.state.notifications.get(1)?.row.is_read).toBe(true);
    expect(client.store.state.unread?.count).toBe(0);
  });

  test('marking all names the newest that was seen', async () => {
    server.answers.set('POST /api/notifications/mark-all-read', () => ({ data: { updated: 2 }, seq: 9 }));
    connect();
    await isConnected();
    for (const id of [1, 2])
      client.store.apply({ kind: 'notification_written', row: notification({ id }), seq: 2 });
    await client.inboxes.markAll();
    expect(server.writes.map(({ body }) => body)).toEqual([{ up_to_id: 2 }]);
    expect([...client.store.state.notifications.values()].every(known => known.row.is_read)).toBe(true);
  });

  test('deleting one takes it from the list for good', async () => {
    server.answers.set('DELETE /api/notifications/1', () => ({ data: null, seq: 5 }));
    connect();
    await isConnected();
    client.store.apply({ kind: 'notification_written', row: notification(), seq: 2 });
    await client.inboxes.delete(1);
    expect(client.store.state.notifications.size).toBe(0);
    client.store.apply({ kind: 'notification_written', row: notification(), seq: 6 });
    expect(client.store.state.notifications.size).toBe(0);
  });
});

describe('notes and history', () => {
  test('are what was read and what was heard, each once, also what came while the answer was on its way', async () => {
    const note = (id: number) => ({
      id,
      work_order_id: 7,
      author_id: 2,
      author_name: 'Marko Kovač',
      content: `Note ${id}`,
      customer_visible: false,
      created_at: at,
    });
    server.answers.set('GET /api/work-orders/7/notes?limit=50', () => ({
      data: [note(2), note(1)],
      seq: 5,
      next_cursor: 'older',
    }));
    server.answers.set('GET /api/work-orders/7/notes?limit=50&cursor=older', () => ({
      data: [note(0)],
      seq: 6,
    }));
    server.answers.set('GET /api/work-orders/7/history?limit=50', () => ({ data: [], seq: 5 }));
    connect();
    await isConnected();
    client.notes(7).watch();
    client.history(7).watch();
    server.emit('work_order_updated', {
      workOrderId: 7,
      action: 'note_added',
      workOrder: workOrder(),
      data: { note: note(3) },
      timestamp: at,
      seq: 6,
    });
    const notes = () => client.store.state.notes.get(7);
    await until(() => notes()?.rows.size === 3);
    await client.readMoreNotes(7);
    expect(new Set(notes()?.rows.keys())).toEqual(new Set([0, 1, 2, 3]));
    expect(notes()?.cursor).toBeNull();
    expect([...(client.store.state.history.get(7)?.rows.keys() ?? [])]).toEqual([6]);
  });
});
