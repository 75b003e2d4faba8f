// One idea: a command that cannot be answered now waits on this device and is done once; each story is told of the same client,
// server and storage.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ApiError,
  createClient,
  edit,
  inText,
  memoryOutbox,
  MOST_KEPT,
  unreadWithPending,
  withPending,
  withPendingMarks,
  type Command,
  type Lock,
  type OutboxItem,
  type OutboxStorage,
  type ShopbellClient,
  type Signals,
  type TabMessage,
  type Tabs,
  type WorkOrder,
} from '../src/index.ts';
import { at, notification, ticket, workOrder } from './fixtures.ts';
import { FakeServer, type Asked, type Told } from './server.ts';

let server: FakeServer;
let stops: (() => void)[] = [];

beforeEach(async () => {
  server = await FakeServer.start();
  server.greet = socket => server.welcome(socket);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await server.stop();
  vi.restoreAllMocks();
});

const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 5 });

/** A network that is there or not as the test says. */
class Network implements Signals {
  #isUp: boolean;
  readonly #heard = new Set<Parameters<Signals['watch']>[0]>();

  constructor(isUp = true) {
    this.#isUp = isUp;
  }

  isOnline = () => this.#isUp;
  watch: Signals['watch'] = heard => {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  };

  become(isUp: boolean): void {
    this.#isUp = isUp;
    for (const heard of this.#heard) heard(isUp ? 'network_back' : 'network_lost');
  }
}

/** One browser: what its tabs share. */
class Browser {
  readonly storage: OutboxStorage = memoryOutbox();
  readonly #listeners = new Map<number, Set<(message: TabMessage) => void>>();
  #last: Promise<unknown> = Promise.resolve();

  lock: Lock = (_, task) => {
    const run = this.#last.then(task);
    this.#last = run.catch(() => {});
    return run;
  };

  tabs(person: number): Tabs {
    const all = this.#listeners.get(person) ?? new Set();
    this.#listeners.set(person, all);
    let own: ((message: TabMessage) => void) | null = null;
    return {
      tell: message => {
        for (const heard of all) if (heard !== own) queueMicrotask(() => heard(message));
      },
      listen: heard => {
        own = heard;
        all.add(heard);
        return () => all.delete(heard);
      },
    };
  }
}

interface Tab {
  browser?: Browser;
  network?: Network;
  person?: number;
  tokens?: () => string | null;
}

/** Opens a page of somebody; `client.outbox` is what it keeps. */
function open({
  browser = new Browser(),
  network = new Network(),
  person = 3,
  tokens = () => 'good',
}: Tab = {}) {
  const client = createClient({
    url: server.url,
    tokens,
    signals: network,
    person,
    outbox: { storage: browser.storage, lock: browser.lock, tabs: browser.tabs(person), random: () => 0 },
  });
  stops.push(client.start());
  return client;
}

const move = (status: WorkOrder['status'], row = workOrder()) => edit('work_order', row, { status });
const note = (content: string): Command => ({
  kind: 'note',
  workOrderId: 7,
  number: '2026-0007',
  note: { content },
});
const states = ({ outbox }: ShopbellClient) => outbox.items.map(({ state }) => state);
const refusal = (status: number, code: string, data?: unknown): Told => ({ status, code, data });

/** Answers moves of order 7 as a server does that knows versions and keys. */
function orderSeven(first = workOrder()): {
  row: () => WorkOrder;
  change: (fields: Partial<WorkOrder>) => void;
} {
  let row = first;
  const answered = new Map<string, Told>();
  const decide = ({ body, version }: Asked): Told => {
    if (version !== `"${row.version}"`) return refusal(412, 'version_mismatch', row);
    row = { ...row, ...(body as Partial<WorkOrder>), version: row.version + 1 };
    return { data: row, seq: server.head };
  };
  server.answers.set('PATCH /api/work-orders/7', asked => {
    const known = asked.key === undefined ? undefined : answered.get(asked.key);
    const told = known ?? decide(asked);
    if (asked.key !== undefined) answered.set(asked.key, told);
    return told;
  });
  return {
    row: () => row,
    change: fields => {
      row = { ...row, ...fields, version: row.version + 1 };
    },
  };
}

/** Answers notes with what was written, in order. */
function notes(): string[] {
  const written: string[] = [];
  const keys = new Set<string>();
  server.answers.set('POST /api/work-orders/7/notes', ({ body, key }) => {
    const { content } = body as { content: string };
    if (!keys.has(key!)) written.push(content);
    keys.add(key!);
    const data = {
      id: written.length,
      work_order_id: 7,
      author_id: 3,
      author_name: '',
      content,
      created_at: at,
    };
    return { data, seq: server.head };
  });
  return written;
}

describe('with a connection', () => {
  test('a change is answered, applied, and confirmed once its event is here', async () => {
    const order = orderSeven();
    const client = open();
    await until(() => client.timeline.cursor !== null);
    server.answers.set('PATCH /api/work-orders/7', () => ({
      data: workOrder({ status: 'testing', version: 2 }),
      seq: 1,
    }));
    const answer = await client.outbox.run(move('testing', order.row()));
    expect(answer?.data).toMatchObject({ status: 'testing' });
    expect(client.store.state.workOrders.get(7)?.row.status).toBe('testing');
    expect(client.outbox.items).toMatchObject([
      { state: 'sent', done: { epoch: 'epoch-1', seq: 1 }, result: 7 },
    ]);
    server.commit('work_order_updated', {
      workOrderId: 7,
      action: 'status_changed',
      workOrder: workOrder({ status: 'testing', version: 2 }),
      data: { oldStatus: 'pending', newStatus: 'testing', updatedBy: 3, overrideReason: null },
      timestamp: at,
      seq: 1,
    });
    await until(() => states(client)[0] === 'confirmed');
    const [asked] = server.writes;
    expect(asked?.key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(asked?.version).toBe('"1"');
  });

  test('a change that is refused at once is the caller’s to show, and nothing stays', async () => {
    server.answers.set('PATCH /api/work-orders/7', () => refusal(409, 'illegal_transition'));
    const client = open();
    await expect(client.outbox.run(move('picked_up'))).rejects.toMatchObject({ code: 'illegal_transition' });
    expect(client.outbox.items).toEqual([]);
  });

  test('a change of another field by somebody else does not stand in the way, nor does their row get lost', async () => {
    const order = orderSeven();
    const client = open();
    order.change({ priority: 'urgent' });
    await client.outbox.run(move('testing'));
    expect(order.row()).toMatchObject({ status: 'testing', priority: 'urgent', version: 3 });
    expect(server.writes.map(({ version }) => version)).toEqual(['"1"', '"2"']);
    expect(new Set(server.writes.map(({ key }) => key)).size).toBe(2);
  });

  test('a change of the same field does', async () => {
    const order = orderSeven();
    const client = open();
    order.change({ status: 'cancelled' });
    await expect(client.outbox.run(move('testing'))).rejects.toMatchObject({ code: 'version_mismatch' });
    expect(client.store.state.workOrders.get(7)?.row.status).toBe('cancelled');
    expect(order.row().status).toBe('cancelled');
  });
});

describe('without a connection', () => {
  test('everything is kept, and sent in order once the network is back', async () => {
    const written = notes();
    const network = new Network(false);
    const client = open({ network });
    expect(await Promise.all(['a', 'b', 'c'].map(content => client.outbox.run(note(content))))).toEqual([
      null,
      null,
      null,
    ]);
    expect(states(client)).toEqual(['queued', 'queued', 'queued']);
    expect(server.writes).toEqual([]);
    network.become(true);
    await until(() => written.length === 3);
    expect(written).toEqual(['a', 'b', 'c']);
    await until(() => states(client).every(state => state === 'sent' || state === 'confirmed'));
  });

  test('what was done one after the other to one row goes through one after the other', async () => {
    const order = orderSeven();
    const network = new Network(false);
    const client = open({ network });
    client.store.apply({ kind: 'work_order_read', row: order.row(), seq: 0 });
    const shown = () =>
      withPending('work_order', client.store.state.workOrders.get(7)!.row, client.outbox.items);
    await client.outbox.run(edit('work_order', shown(), { status: 'in_progress' }));
    expect(shown().status).toBe('in_progress');
    await client.outbox.run(edit('work_order', shown(), { status: 'testing' }));
    await client.outbox.run(edit('work_order', shown(), { priority: 'high' }));
    expect(shown()).toMatchObject({ status: 'testing', priority: 'high', version: 1 });
    network.become(true);
    await until(() => order.row().priority === 'high');
    expect(order.row()).toMatchObject({ status: 'testing', priority: 'high', version: 4 });
    await until(() => states(client).every(state => state === 'confirmed'));
    expect(shown()).toEqual(order.row());
  });

  test('an answer that was lost on the way is got by the same key, and the change is made once', async () => {
    const written = notes();
    const answer = server.answers.get('POST /api/work-orders/7/notes')!;
    let losses = 2;
    server.answers.set('POST /api/work-orders/7/notes', async asked => {
      const told = await answer(asked);
      return losses-- > 0 ? { silent: true } : told;
    });
    const client = open();
    expect(await client.outbox.run(note('once'))).toBeNull();
    await until(() => states(client)[0] !== 'queued' && client.outbox.items[0]?.done !== null);
    expect(written).toEqual(['once']);
    expect(new Set(server.writes.map(({ key }) => key)).size).toBe(1);
    expect(server.writes.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['503', refusal(503, 'unavailable')],
    ['507', refusal(507, 'storage_full')],
    ['429', refusal(429, 'rate_limited')],
    ['409 while the same command is still running', refusal(409, 'conflict')],
  ])('%s is tried again', async (_, told) => {
    const written = notes();
    const answer = server.answers.get('POST /api/work-orders/7/notes')!;
    let failures = 2;
    server.answers.set('POST /api/work-orders/7/notes', asked => (failures-- > 0 ? told : answer(asked)));
    const client = open();
    expect(await client.outbox.run(note('late'))).toBeNull();
    await until(() => written.length === 1);
  });

  test('the server’s word on when to come back is kept', async () => {
    server.answers.set('POST /api/work-orders/7/notes', () => ({
      ...refusal(429, 'rate_limited'),
      retryAfter: 37,
    }));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const client = open();
    await client.outbox.run(note('later'));
    expect(timers.mock.calls.map(([, ms]) => ms)).toContain(37_000);
    // Also by what the person does next.
    expect(await client.outbox.run(note('next'))).toBeNull();
    expect(server.writes).toHaveLength(1);
  });

  test('a command at which the server always fails is given up in the end, and those behind it go on', async () => {
    const written = notes();
    server.answers.set('PATCH /api/work-orders/7', () => refusal(500, 'internal_error'));
    const client = open();
    void client.outbox.run(move('testing'));
    void client.outbox.run(note('behind'));
    await until(() => written.length === 1);
    expect(client.outbox.items[0]).toMatchObject({ state: 'refused', refusal: { code: 'internal_error' } });
  });

  test('a refusal that comes later stays with its message until the person has decided', async () => {
    const network = new Network(false);
    const client = open({ network });
    await client.outbox.run(move('picked_up'));
    await client.outbox.run(move('cancelled'));
    server.answers.set('PATCH /api/work-orders/7', () => refusal(409, 'illegal_transition'));
    network.become(true);
    await until(() => states(client).every(state => state === 'refused'));
    const [first, second] = client.outbox.items;
    expect(first?.refusal).toMatchObject({ code: 'illegal_transition', message: 'No.' });
    // Refused is not shown as if it were so.
    expect(withPending('work_order', workOrder(), client.outbox.items).status).toBe('pending');
    await client.outbox.dismiss(first!.place);
    expect(client.outbox.items).toHaveLength(1);
    const order = orderSeven();
    await client.outbox.retry(second!.place);
    await until(() => order.row().status === 'cancelled');
    expect(server.writes.at(-1)?.key).not.toBe(second?.key);
  });

  test('over somebody else’s change only when the person says so', async () => {
    const order = orderSeven();
    const network = new Network(false);
    const client = open({ network });
    await client.outbox.run(move('testing'));
    order.change({ status: 'diagnosing' });
    network.become(true);
    await until(() => states(client)[0] === 'refused');
    expect(client.outbox.items[0]?.refusal?.data).toMatchObject({ status: 'diagnosing' });
    await client.outbox.retry(client.outbox.items[0]!.place);
    await until(() => order.row().status === 'testing');
  });

  test('more than a device may keep is refused in plain words', async () => {
    const client = open({ network: new Network(false) });
    await Promise.all(Array.from({ length: MOST_KEPT }, (_, number) => client.outbox.run(note(`${number}`))));
    await expect(client.outbox.run(note('one more'))).rejects.toMatchObject({ code: 'outbox_full' });
    expect(client.outbox.items).toHaveLength(MOST_KEPT);
  });

  test('a new ticket for a new customer makes each once, whatever is lost', async () => {
    const made: string[] = [];
    const keys = new Set<string | undefined>();
    let losses = 2;
    const make =
      (what: string, data: unknown) =>
      (asked: Asked): Told => {
        if (!keys.has(asked.key)) made.push(what);
        keys.add(asked.key);
        return losses-- > 0 ? { silent: true } : { data, seq: 0 };
      };
    server.answers.set('POST /api/customers', make('customer', { id: 9 }));
    server.answers.set('POST /api/tickets', make('ticket', ticket({ customer_id: 9 })));
    const client = open();
    await client.outbox.run({
      kind: 'new_ticket',
      ticket: { device: 'iPhone 13', problem_description: 'Does not charge' },
      customer: { key: 'customer-key', draft: { name: 'Zoran' } },
    });
    await until(() => client.outbox.items[0]?.done !== null);
    expect(made).toEqual(['customer', 'ticket']);
    expect(server.writes.at(-1)?.body).toMatchObject({ customer_id: 9, device: 'iPhone 13' });
    expect(client.store.state.tickets.get(4)?.row.customer_id).toBe(9);
  });

  test('marks of notifications show at once and are sent later', async () => {
    const network = new Network(false);
    const client = open({ network });
    const rows = [1, 2, 3].map(id => notification({ id }));
    for (const row of rows) client.store.apply({ kind: 'notification_written', row, seq: 1 });
    await client.inboxes.mark(2, true);
    const shown = () => rows.map(row => withPendingMarks(row, client.outbox.items).is_read);
    expect(shown()).toEqual([false, true, false]);
    const known = client.store.state.notifications;
    expect(unreadWithPending(5, known.values(), client.outbox.items)).toBe(4);
    await client.inboxes.markAll();
    expect(shown()).toEqual([true, true, true]);
    expect(unreadWithPending(5, known.values(), client.outbox.items)).toBe(0);
    server.answers.set('PATCH /api/notifications/2', () => ({
      data: notification({ id: 2, is_read: true }),
      seq: 2,
    }));
    server.answers.set('POST /api/notifications/mark-all-read', () => ({ data: { updated: 2 }, seq: 3 }));
    network.become(true);
    await until(() => server.writes.length === 2);
    await until(() => [...client.store.state.notifications.values()].every(({ row }) => row.is_read));
  });

  test('a token that ran out is renewed first, and nobody’s changes are lost with the session', async () => {
    const written = notes();
    const answer = server.answers.get('POST /api/work-orders/7/notes')!;
    let isKnown = false;
    server.answers.set('POST /api/work-orders/7/notes', asked =>
      isKnown ? answer(asked) : refusal(401, 'token_expired'),
    );
    let token: string | null = 'good';
    const network = new Network();
    const client = open({ network, tokens: () => token });
    expect(await client.outbox.run(note('kept'))).toBeNull();
    token = null;
    network.become(true);
    await until(() => server.writes.length > 0);
    expect(states(client)).toEqual(['queued']);
    [token, isKnown] = ['good', true];
    network.become(true);
    await until(() => written.length === 1);
  });
});

describe('after a reload', () => {
  test('what was kept is sent, by the same key, and only by its person', async () => {
    const written = notes();
    const browser = new Browser();
    const before = open({ browser, network: new Network(false) });
    await before.outbox.run(note('mine'));
    const [{ key } = { key: '' }] = before.outbox.items;
    for (const stop of stops.splice(0)) stop();
    const other = open({ browser, person: 4 });
    await until(() => other.connection.isConnected);
    await other.outbox.run(note('theirs'));
    expect(other.outbox.items.map(({ command }) => (command as { note: unknown }).note)).toEqual([
      { content: 'theirs' },
    ]);
    expect(written).toEqual(['theirs']);
    open({ browser });
    await until(() => written.length === 2);
    expect(server.writes.at(-1)).toMatchObject({ key, body: { content: 'mine' } });
  });

  test('a refused one is there still, and what was given up is not', async () => {
    const browser = new Browser();
    const network = new Network(false);
    const before = open({ browser, network });
    await before.outbox.run(move('picked_up'));
    await before.outbox.run(note('given up'));
    await before.outbox.dismiss(before.outbox.items[1]!.place);
    server.answers.set('PATCH /api/work-orders/7', () => refusal(409, 'illegal_transition'));
    network.become(true);
    await until(() => states(before)[0] === 'refused');
    for (const stop of stops.splice(0)) stop();
    const after = open({ browser });
    await until(() => after.outbox.items.length === 1);
    expect(after.outbox.items).toMatchObject([{ state: 'refused', refusal: { code: 'illegal_transition' } }]);
    await after.outbox.clear();
    expect(await browser.storage.load(3)).toEqual([]);
  });
});

describe('two tabs', () => {
  test('send each change once, and both show where it stands', async () => {
    const written = notes();
    const browser = new Browser();
    const network = new Network(false);
    const [one, two] = [open({ browser, network }), open({ browser, network })];
    await one.outbox.run(note('from one'));
    await two.outbox.run(note('from two'));
    await until(() => one.outbox.items.length === 2 && two.outbox.items.length === 2);
    network.become(true);
    await until(() => written.length === 2);
    await until(() =>
      [one, two].every(tab => states(tab).every(state => state === 'sent' || state === 'confirmed')),
    );
    expect(written).toEqual(['from one', 'from two']);
    expect(server.writes).toHaveLength(2);
  });

  test('do not take back what the other one is sending', async () => {
    let answer = () => {};
    const isAnswered = new Promise<void>(resolve => (answer = resolve));
    server.answers.set('POST /api/work-orders/7/notes', async () => {
      await isAnswered;
      return { data: { id: 1, work_order_id: 7 }, seq: 0 };
    });
    const browser = new Browser();
    const [one, two] = [open({ browser }), open({ browser })];
    const sending = one.outbox.run(note('on its way'));
    await until(() => server.writes.length === 1 && two.outbox.items.length === 1);
    const dismissing = two.outbox.dismiss(two.outbox.items[0]!.place);
    answer();
    await dismissing;
    expect(await sending).not.toBeNull();
    expect(states(one)).not.toContain('refused');
    expect(server.writes).toHaveLength(1);
  });
});

test('a change that was lost with a life of the journal is not called confirmed', async () => {
  orderSeven();
  const client = open();
  await until(() => client.timeline.cursor !== null);
  server.answers.set('PATCH /api/work-orders/7', () => ({ data: workOrder({ version: 2 }), seq: 5 }));
  await client.outbox.run(move('testing'));
  expect(states(client)).toEqual(['sent']);
  server.epoch = 'epoch-2';
  server.commit('notification_count_updated', { userId: 3, unreadCount: 0, timestamp: at, seq: 9 });
  await until(() => client.outbox.items.length === 0);
});

describe('on top of the rows', () => {
  const item = (
    command: Command,
    state: OutboxItem['state'],
    done: OutboxItem['done'] = null,
  ): OutboxItem => ({
    place: 1,
    key: '',
    at,
    command,
    refusal: null,
    state,
    done,
    result: null,
  });

  test.each([
    ['queued', null, 'testing'],
    ['sent', null, 'testing'],
    ['sent', { epoch: null, seq: 4 }, 'pending'],
    ['confirmed', { epoch: null, seq: 4 }, 'pending'],
    ['refused', null, 'pending'],
  ] as const)('%s (answered: %o) shows %s', (state, done, status) => {
    expect(withPending('work_order', workOrder(), [item(move('testing'), state, done)]).status).toBe(status);
  });

  test('only its own row changes, and the technician’s name comes with the answer', () => {
    const row = workOrder({ id: 8 });
    expect(withPending('work_order', row, [item(move('testing'), 'queued')])).toBe(row);
    expect(withPending('ticket', ticket({ id: 7 }), [item(move('testing'), 'queued')]).status).toBe('intake');
    const given = edit('work_order', workOrder(), { technician_id: 3 });
    expect(withPending('work_order', workOrder(), [item(given, 'queued')])).toMatchObject({
      technician_id: 3,
      technician_name: '…',
    });
  });
});

test('a storage of texts keeps each person’s in order and apart', async () => {
  const texts = new Map<string, string>();
  const storage = inText({
    getItem: name => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
  });
  const kept = { place: 0, key: 'k', at, command: note('a'), refusal: null };
  const first = await storage.add(3, kept);
  const second = await storage.add(3, { ...kept, key: 'l' });
  expect(second).toBeGreaterThan(first);
  await storage.put(3, { ...kept, place: first, key: 'm' });
  expect((await storage.load(3)).map(({ key, place }) => [key, place])).toEqual([
    ['m', first],
    ['l', second],
  ]);
  expect(await storage.load(4)).toEqual([]);
  await storage.remove(3, first);
  expect((await storage.load(3)).map(({ key }) => key)).toEqual(['l']);
});

test('a device that cannot write anything down still sends', async () => {
  const written = notes();
  vi.stubGlobal('reportError', vi.fn());
  const broken: OutboxStorage = {
    load: async () => [],
    add: () => Promise.reject(new Error('no room')),
    put: () => Promise.reject(new Error('no room')),
    remove: () => Promise.reject(new Error('no room')),
  };
  const client = createClient({
    url: server.url,
    tokens: () => 'good',
    person: 3,
    outbox: { storage: broken },
  });
  stops.push(client.start());
  await client.outbox.run(note('all the same'));
  expect(written).toEqual(['all the same']);
  vi.unstubAllGlobals();
  expect(new ApiError('outbox_full', '', 0).isPassing).toBe(true);
});
