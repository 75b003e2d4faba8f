// One idea: however news arrives, or fails to, what is shown is what the server has; each story is told of the same client and
// the same server.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ApiError,
  createClient,
  emptyState,
  Fallback,
  type ConnectionState,
  type ClientOptions,
  type ShopbellClient,
  type WorkOrder,
  type WorkOrderUpdated,
} from '../src/index.ts';
import { epochOf } from '../src/live/cursor.ts';
import { at, notification, ticket, workOrder } from './fixtures.ts';
import { FakeServer } from './server.ts';

let server: FakeServer;
let client: ShopbellClient;
let stop = () => {};

function connect(options: Partial<ClientOptions> = {}): ShopbellClient {
  client = createClient({ url: server.url, tokens: () => 'good', ...options });
  stop = client.start();
  return client;
}

const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 5 });
const isConnected = () => until(() => client.connection.isConnected);
const seq = () => client.timeline.cursor?.seq;
const known = (id: number) => client.store.state.workOrders.get(id)?.row;

const update = (number: number, row: WorkOrder = workOrder({ version: number })): WorkOrderUpdated => ({
  workOrderId: row.id,
  action: 'updated',
  workOrder: row,
  data: { updatedFields: {}, updatedBy: 1 },
  timestamp: at,
  seq: number,
});
const resync = (reason: string, place: number) => ({ reason, seq: place, timestamp: at });

/** What the server gives when asked for all orders. */
function answerOrders(rows: () => WorkOrder[], place?: () => number): void {
  server.answers.set('GET /api/work-orders', () => ({ data: rows(), seq: place?.() ?? server.head }));
}

/** A page that shows all orders. */
async function showOrders(): Promise<void> {
  const read = async () => {
    const { data, seq: place } = await client.api.workOrders();
    client.store.apply({ kind: 'work_orders_read', rows: data, seq: place });
  };
  client.timeline.onReread(read);
  await read();
}

beforeEach(async () => {
  server = await FakeServer.start();
  server.greet = socket => server.welcome(socket);
});
afterEach(async () => {
  stop();
  await server.stop();
});

test('an offset names its epoch, whatever that looks like', () => {
  expect(epochOf('0190-7f3c-12')).toBe('0190-7f3c');
  for (const other of ['12', '-12', 'PfX-aB', '', undefined, null, 4]) expect(epochOf(other)).toBeNull();
});

describe('the cursor', () => {
  test('begins with the greeting, and follows the events', async () => {
    server.commit('work_order_updated', update(3));
    connect();
    await until(() => seq() === 3);
    expect(client.timeline.cursor).toEqual({ epoch: 'epoch-1', seq: 3 });
    server.commit('work_order_updated', update(4));
    await until(() => seq() === 4);
    expect(server.syncs).toEqual([]);
  });

  test('begins with the first answer where that comes before the connection, and what lies between is asked for', async () => {
    server.commit('work_order_updated', update(5));
    answerOrders(() => [workOrder({ version: 5 })]);
    client = createClient({ url: server.url, tokens: () => 'good' });
    await showOrders();
    expect(client.timeline.cursor).toEqual({ epoch: 'epoch-1', seq: 5 });
    server.commit('work_order_updated', update(6));
    stop = client.start();
    await until(() => seq() === 6);
    expect(known(7)?.version).toBe(6);
    expect(server.syncs).toEqual([{ after: 5, epoch: 'epoch-1' }]);
  });

  test('goes back for an answer that is older than what was heard first', async () => {
    server.commit('work_order_updated', update(5));
    let answer = () => {};
    const isAnswered = new Promise<void>(resolve => (answer = resolve));
    server.answers.set('GET /api/work-orders', async () => {
      await isAnswered;
      return { data: [workOrder({ id: 8, version: 1 })], seq: 4 };
    });
    connect();
    const reading = showOrders();
    await until(() => seq() === 5);
    answer();
    await reading;
    await until(() => server.syncs.length === 1);
    expect(server.syncs).toEqual([{ after: 4, epoch: 'epoch-1' }]);
    await until(() => known(7)?.version === 5 && seq() === 5);
  });

  test('drops what it has seen before the reducer does', async () => {
    connect();
    server.commit('work_order_updated', update(3));
    await isConnected();
    server.commit('work_order_updated', update(4));
    await until(() => seq() === 4);
    const news = vi.fn();
    client.timeline.onNews(news);
    server.emit('work_order_updated', update(4, workOrder({ version: 99 })));
    server.commit('work_order_updated', update(5));
    await until(() => seq() === 5);
    expect(known(7)?.version).toBe(5);
    expect(news).toHaveBeenCalledTimes(1);
  });
});

describe('one reducer', () => {
  const order = (number: number, fields: Partial<WorkOrder>) =>
    update(number, workOrder({ version: number, ...fields }));
  const tells = [
    ['work_order_updated', order(2, { id: 7, status: 'testing' })],
    ['work_order_updated', order(3, { id: 8 })],
    ['work_order_removed', { workOrderId: 8, timestamp: at, seq: 4 }],
    [
      'repair_ticket_updated',
      { ticketId: 4, action: 'created', ticket: ticket(), data: null, timestamp: at, seq: 5 },
    ],
    ['notification_received', { notification: notification(), timestamp: at, seq: 6 }],
    ['notification_count_updated', { userId: 3, unreadCount: 1, timestamp: at, seq: 7 }],
    ['notification_read', { ids: [1], isRead: true, timestamp: at, seq: 8 }],
    ['notification_count_updated', { userId: 3, unreadCount: 0, timestamp: at, seq: 9 }],
  ] as const;
  const commitAll = () => {
    for (const [event, payload] of tells) server.commit(event, payload as never);
  };
  const states = () => ({
    orders: [...client.store.state.workOrders.values()],
    removed: [...client.store.state.removed],
    tickets: [...client.store.state.tickets.values()],
    notifications: [...client.store.state.notifications.values()],
    unread: client.store.state.unread,
  });
  const expected = {
    orders: [{ row: workOrder({ id: 7, version: 2, status: 'testing' }), seq: 2 }],
    removed: [[8, 4]],
    tickets: [{ row: ticket(), seq: 5 }],
    notifications: [{ row: notification({ is_read: true }), seq: 8, arrived: 6 }],
    unread: { count: 0, seq: 9 },
  };

  const ways = {
    'as it happens': async () => {
      connect();
      await until(() => seq() === 0);
      commitAll();
    },
    'by the recovery of the session': async () => {
      connect();
      await until(() => seq() === 0);
      server.cut();
      commitAll();
    },
    'by sync': async () => {
      server.forget();
      connect();
      await until(() => seq() === 0);
      server.cut();
      commitAll();
    },
    'over REST': async () => {
      client = createClient({ url: server.url, tokens: () => 'good' });
      client.timeline.witness({ seq: 0, epoch: 'epoch-1' }, true);
      commitAll();
      await client.timeline.poll();
    },
  };

  test.each(Object.entries(ways))('takes events %s', async (_, way) => {
    await way();
    await until(() => seq() === 9);
    expect(states()).toEqual(expected);
  });
});

describe('after an absence', () => {
  test('a recovered session has missed nothing and asks for nothing', async () => {
    connect();
    await until(() => seq() === 0);
    server.commit('work_order_updated', update(1));
    await until(() => seq() === 1);
    server.cut();
    server.commit('work_order_updated', update(2));
    await until(() => seq() === 2);
    expect(client.connection.socket.recovered).toBe(true);
    expect(server.syncs).toEqual([]);
  });

  test('neither the greeting nor what is heard before the sync moves the cursor over what was missed', async () => {
    server.forget();
    connect();
    await until(() => seq() === 0);
    server.greet = socket => {
      server.welcome(socket);
      // Live delivery has begun before the page can ask.
      server.commit('work_order_updated', update(3, workOrder({ id: 9, version: 1 })));
    };
    const news: number[] = [];
    client.timeline.onNews(events => {
      for (const { kind, payload } of events) if (kind === 'work_order_updated') news.push(payload.seq);
    });
    server.cut();
    server.commit('work_order_updated', update(1, workOrder({ id: 7, version: 2 })));
    server.commit('work_order_updated', update(2, workOrder({ id: 8, version: 1 })));
    await until(() => seq() === 3);
    expect(server.syncs).toEqual([{ after: 0, epoch: 'epoch-1' }]);
    expect([...client.store.state.workOrders.keys()]).toEqual([7, 8, 9]);
    expect(news).toEqual([1, 2, 3]);
  });

  test('a sync that was cut off begins again from where everything is known', async () => {
    server.forget();
    connect();
    await until(() => seq() === 0);
    let cuts = 0;
    server.refuseSync = () => {
      if (cuts++ > 0) return undefined;
      for (const socket of server.sockets) socket.emit('work_order_updated', update(2), 'epoch-1-2');
      server.cut();
      return { ok: true, to: 2, epoch: 'epoch-1', count: 2 };
    };
    server.cut();
    for (const number of [1, 2])
      server.commit('work_order_updated', update(number, workOrder({ id: number })));
    await until(() => seq() === 2);
    expect(server.syncs).toEqual([
      { after: 0, epoch: 'epoch-1' },
      { after: 0, epoch: 'epoch-1' },
    ]);
    expect([...client.store.state.workOrders.keys()]).toEqual([1, 2]);
  });

  test('a sync that the server has no time for is asked for again', async () => {
    server.forget();
    connect();
    await until(() => seq() === 0);
    const answers = [{ ok: false, code: 'unavailable', message: '', retryAfterMs: 1 }];
    server.refuseSync = () => answers.shift();
    server.cut();
    server.commit('work_order_updated', update(1));
    await until(() => seq() === 1);
    expect(server.syncs).toHaveLength(2);
  });

  test('an unknown session alone is made good by a sync', async () => {
    server.forget();
    answerOrders(() => [workOrder()]);
    connect();
    await until(() => seq() === 0);
    await showOrders();
    const before = server.requests.length;
    server.greet = socket => {
      socket.emit('resync_required', resync('session', 1));
      server.welcome(socket);
    };
    server.cut();
    server.commit('work_order_updated', update(1));
    await until(() => seq() === 1);
    expect(server.requests.slice(before).filter(path => path.includes('/api/'))).toEqual([]);
  });

  test('of the notifications of a long absence, only the newest few are told', async () => {
    server.forget();
    connect();
    await until(() => seq() === 0);
    const told: number[] = [];
    client.onNotification(event => told.push(event.notification.id));
    server.cut();
    for (const id of [1, 2, 3, 4, 5]) {
      server.commit('notification_received', { notification: notification({ id }), timestamp: at, seq: id });
    }
    await until(() => seq() === 5);
    expect(told).toEqual([3, 4, 5]);
    expect(client.store.state.notifications.size).toBe(5);
  });

  test('ten thousand rows are taken in one piece', async () => {
    server.forget();
    connect();
    await until(() => seq() === 0);
    server.cut();
    for (let place = 1; place <= 10_000; place++) {
      const row = workOrder({ id: 1 + (place % 200), version: place });
      server.journal.push({ seq: place, event: 'work_order_updated', payload: update(place, row) });
    }
    let renders = 0;
    client.store.subscribe(() => renders++);
    await until(() => seq() === 10_000);
    expect(client.store.state.workOrders.size).toBe(200);
    expect(renders).toBeLessThanOrEqual(2);
  });
});

describe('reading anew', () => {
  /** Shows orders 7 and 8; from then on the server has only 7, changed, and its version is lower than what is shown. */
  async function shown(): Promise<void> {
    server.commit('work_order_updated', update(20));
    answerOrders(() => [workOrder({ id: 7, version: 5 }), workOrder({ id: 8, version: 5 })]);
    connect();
    await until(() => seq() === 20);
    await showOrders();
    await client.unread.refresh();
    answerOrders(
      () => [workOrder({ id: 7, version: 3, status: 'testing' })],
      () => Math.max(server.head, 30),
    );
  }
  const sizes: number[] = [];
  const watchSizes = () => {
    sizes.length = 0;
    client.store.subscribe(() => sizes.push(client.store.state.workOrders.size));
  };

  test('follows what the server says, shows the old until the new is whole, and drops what nobody confirmed', async () => {
    await shown();
    watchSizes();
    server.tell('resync_required', resync('too_old', 30));
    await until(() => known(7)?.status === 'testing');
    expect(client.store.state.workOrders.size).toBe(1);
    expect(client.timeline.cursor).toEqual({ epoch: 'epoch-1', seq: 30 });
    expect(sizes).toEqual([1]);
    server.commit('work_order_updated', update(31, workOrder({ id: 7, version: 4 })));
    await until(() => seq() === 31);
    expect(known(7)?.version).toBe(4);
  });

  test.each(['too_old', 'ahead', 'epoch', 'role'])(
    'follows a sync that is answered so (%s)',
    async reason => {
      await shown();
      server.forget();
      server.refuseSync = () => ({ ok: false, code: 'resync_required', message: '' });
      server.greet = socket => {
        socket.emit('resync_required', resync(reason, 25));
        server.commit('notification_count_updated', { userId: 3, unreadCount: 0, timestamp: at, seq: 25 });
      };
      server.cut();
      await until(() => known(7)?.status === 'testing');
      expect(client.store.state.workOrders.size).toBe(1);
      expect(client.timeline.cursor).toEqual({ epoch: 'epoch-1', seq: 25 });
    },
  );

  test('keeps what is heard meanwhile', async () => {
    await shown();
    let answer = () => {};
    const isAnswered = new Promise<void>(resolve => (answer = resolve));
    server.answers.set('GET /api/work-orders', async () => {
      await isAnswered;
      return { data: [workOrder({ id: 7, version: 3 })], seq: 30 };
    });
    server.tell('resync_required', resync('too_old', 30));
    await until(() => seq() === 30);
    server.commit('work_order_updated', update(31, workOrder({ id: 7, version: 4 })));
    server.commit('work_order_updated', update(32, workOrder({ id: 9, version: 1 })));
    await until(() => seq() === 32);
    // Until then, what was there stays.
    expect(known(8)).toBeDefined();
    answer();
    await until(() => known(8) === undefined);
    expect(known(7)?.version).toBe(4);
    expect(known(9)).toBeDefined();
  });

  test('is tried again while the server cannot answer', async () => {
    await shown();
    let failures = 2;
    const rows = server.answers.get('GET /api/work-orders')!;
    server.answers.set('GET /api/work-orders', asked =>
      failures-- > 0 ? { status: 503, code: 'unavailable', retryAfter: 0 } : rows(asked),
    );
    server.tell('resync_required', resync('too_old', 30));
    await until(() => known(7)?.status === 'testing');
    expect(client.store.state.workOrders.size).toBe(1);
    expect(failures).toBe(-1);
  });

  test('is not held up by what is refused, nor for ever by what the server always fails at', async () => {
    await shown();
    client.workOrder(8).watch();
    server.answers.set('GET /api/notifications/count', () => ({ status: 500, code: 'internal_error' }));
    client.unread.watch();
    await until(() => client.unread.error !== null && client.workOrder(8).error !== null);
    server.tell('resync_required', resync('too_old', 30));
    await until(() => known(7)?.status === 'testing');
    expect(client.store.state.workOrders.size).toBe(1);
    expect(client.workOrder(8).error?.code).toBe('not_found');
    expect(client.unread.error?.code).toBe('internal_error');
  });

  test('is taken up again after somebody else’s turn', async () => {
    await shown();
    const rows = server.answers.get('GET /api/work-orders')!;
    server.answers.set('GET /api/work-orders', () => ({
      status: 503,
      code: 'unavailable',
      retryAfter: 1000,
    }));
    server.tell('resync_required', resync('too_old', 30));
    await until(() => seq() === 30);
    stop();
    await until(() => client.connection.state === 'idle');
    server.answers.set('GET /api/work-orders', rows);
    stop = client.start();
    await until(() => known(7)?.status === 'testing');
    expect(client.store.state.workOrders.size).toBe(1);
  });

  test('follows an answer from another life of the journal, and the cursor is the lowest that an answer names', async () => {
    await shown();
    server.epoch = 'epoch-2';
    answerOrders(
      () => [workOrder({ id: 7, version: 3, status: 'testing' })],
      () => 12,
    );
    server.answers.set('GET /api/notifications/count', () => ({ data: { count: 0, unread: 0 }, seq: 11 }));
    const undo = client.unread.watch();
    await until(() => known(7)?.status === 'testing');
    expect(client.timeline.cursor).toEqual({ epoch: 'epoch-2', seq: 11 });
    expect(client.timeline.isPast('epoch-1')).toBe(true);
    expect(known(8)).toBeUndefined();
    undo();
  });

  test('follows an event from another life of the journal', async () => {
    await shown();
    server.epoch = 'epoch-2';
    server.commit('work_order_updated', update(9, workOrder({ id: 10, version: 1 })));
    await until(() => known(7)?.status === 'testing');
    expect(client.timeline.cursor).toEqual({ epoch: 'epoch-2', seq: 9 });
    expect(new Set(client.store.state.workOrders.keys())).toEqual(new Set([7, 10]));
  });

  test('an answer of a life that is over is asked for again', async () => {
    await shown();
    const rows = server.answers.get('GET /api/work-orders')!;
    server.answers.set('GET /api/work-orders', asked => {
      server.epoch =
        server.requests.filter(path => path.includes('work-orders')).length < 4 ? 'epoch-1' : 'epoch-2';
      return rows(asked);
    });
    server.epoch = 'epoch-2';
    server.commit('work_order_updated', update(9, workOrder({ id: 10, version: 1 })));
    await until(() => known(7)?.status === 'testing');
    expect(client.timeline.cursor?.epoch).toBe('epoch-2');
  });
});

describe('without a socket', () => {
  test('what happened is asked for page by page, and a place that is kept no longer is read anew', async () => {
    answerOrders(() => [workOrder({ version: 1 })]);
    client = createClient({ url: server.url, tokens: () => 'good' });
    await showOrders();
    for (const place of [1, 2, 3, 4, 5]) {
      server.commit('work_order_updated', update(place, workOrder({ version: place + 1 })));
    }
    await client.timeline.poll();
    expect(seq()).toBe(5);
    expect(known(7)?.version).toBe(6);
    server.answers.set('GET /api/events?after=5&limit=100&epoch=epoch-1', () => ({
      status: 410,
      code: 'resync_required',
    }));
    answerOrders(
      () => [workOrder({ version: 2, status: 'testing' })],
      () => 3,
    );
    await client.timeline.poll();
    await until(() => known(7)?.status === 'testing');
    expect(seq()).toBe(3);
  });

  test('the page asks every few seconds while it cannot connect, and says whether that works', async () => {
    vi.useFakeTimers();
    try {
      const connection = { state: 'connecting' as ConnectionState };
      let changed = () => {};
      const subscribe = (call: () => void) => void (changed = call);
      const poll = vi.fn(async () => {});
      const fallback = new Fallback(
        {
          ...connection,
          subscribe,
          get state() {
            return connection.state;
          },
        } as never,
        { poll, cursor: { epoch: null, seq: 1 } } as never,
      );
      const become = (state: ConnectionState) => {
        connection.state = state;
        changed();
      };
      become('connected');
      await vi.advanceTimersByTimeAsync(20_000);
      expect(poll).not.toHaveBeenCalled();
      become('reconnecting');
      expect(fallback.isWorking).toBe(false);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(poll).toHaveBeenCalledTimes(3);
      expect(fallback.isWorking).toBe(true);
      poll.mockRejectedValueOnce(new ApiError('unreachable', '', 0));
      await vi.advanceTimersByTimeAsync(5000);
      expect(fallback.isWorking).toBe(false);
      await vi.advanceTimersByTimeAsync(5000);
      expect(fallback.isWorking).toBe(true);
      become('connected');
      expect(fallback.isWorking).toBe(false);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(poll).toHaveBeenCalledTimes(5);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a token that runs out', () => {
  test('is renewed in place', async () => {
    const renew = vi.fn<(refused: string) => Promise<string>>(async () => 'better');
    connect({ tokens: { access: async () => 'good', renew } });
    await isConnected();
    server.tell('token_expiring', { expiresAt: at, timestamp: at });
    await until(() => server.told.length === 1);
    expect(server.told).toEqual([['authenticate', { token: 'better' }]]);
    expect(renew.mock.calls).toEqual([['good']]);
    // The next time it is the renewed one that is replaced.
    await until(() => {
      server.tell('token_expiring', { expiresAt: at, timestamp: at });
      return renew.mock.calls.length > 1;
    });
    await until(() => renew.mock.calls.some(([refused]) => refused === 'better'));
    expect(client.connection.isConnected).toBe(true);
  });

  test('and has run out brings a fresh connection with a fresh one', async () => {
    const tokens = vi.fn(() => 'good');
    connect({ tokens });
    await isConnected();
    server.tell('token_expired', { expiredAt: at, timestamp: at });
    server.cut();
    await until(() => client.connection.state === 'reconnecting');
    await isConnected();
    expect(tokens.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('a changed role asks for the person again', async () => {
    const renew = vi.fn(async () => 'better');
    connect({ tokens: { access: async () => 'good', renew } });
    await isConnected();
    server.tell('resync_required', resync('role', 0));
    await until(() => renew.mock.calls.length === 1);
  });
});

describe('a room that was lost', () => {
  test('is not joined again, and the order that went with it is gone', async () => {
    server.answers.set('GET /api/work-orders/7', () => ({ data: workOrder(), seq: 0 }));
    connect();
    await isConnected();
    client.rooms.join('work_order_7');
    client.workOrder(7).watch();
    await until(() => known(7) !== undefined && server.asked.length === 1);
    server.answers.delete('GET /api/work-orders/7');
    server.tell('room_left', { roomName: 'work_order_7', reason: 'access_revoked', timestamp: at });
    await until(() => client.store.state.removed.has(7));
    server.cut();
    await until(() => client.connection.state === 'reconnecting');
    await isConnected();
    client.rooms.join('ticket_1');
    await until(() => server.asked.includes('join_room ticket_1'));
    expect(server.asked).toEqual(['join_room work_order_7', 'join_room ticket_1']);
  });

  test('is joined again when the order was given back', async () => {
    server.answers.set('GET /api/work-orders/7', () => ({ data: workOrder(), seq: 0 }));
    connect();
    await isConnected();
    client.rooms.join('work_order_7');
    await until(() => server.asked.length === 1);
    server.tell('room_left', { roomName: 'work_order_7', reason: 'access_revoked', timestamp: at });
    await until(() => server.asked.length === 2);
    expect(server.asked[1]).toBe('join_room work_order_7');
  });
});

test('nothing is known before anything is', () => {
  client = createClient({ url: server.url, tokens: () => 'good' });
  expect(client.store.state).toBe(emptyState);
  expect(client.timeline.hasSeen({ epoch: null, seq: 0 })).toBe(false);
});
