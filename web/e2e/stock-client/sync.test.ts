// `sync`: the caller's view of the journal after a number, and live events only behind its answer (contract section 6).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { type Entry, journalOf, sent } from '../journal.ts';
import { ManyOrders, span } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import type { Person } from '../person.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import type { Json } from '../rest.ts';
import { startServer } from '../server.ts';
import { refusal } from '../shapes.ts';
import { takeIn } from '../tickets.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

const order = await orders.take({ technician: null });
/** Changes an order that everyone sees, of which nobody is notified. */
const changed = async (description: string): Promise<number> =>
  (await manager.change(order.id, { description })).seq;

const headOf = async (): Promise<{ seq: number; epoch: string }> => {
  const { seq, headers } = await desk.get('/api/work-orders?limit=1');
  return { seq, epoch: headers.get('shop-epoch')! };
};

/** A connection for which the shop has been looked at up to its head; the number of that is the last that it had. */
async function connected(person: Person): Promise<{ connection: Connection; head: number }> {
  const connection = await person.connect();
  const head = await orders.fence(connection);
  connection.forget();
  return { connection, head };
}

/** Asks, and has what came between the question and the answer; `upTo` is how much had come when the answer did. */
async function sync(
  connection: Connection,
  payload: Json,
): Promise<{ ack: Json; entries: Entry[]; upTo: number }> {
  const from = sent(connection).length;
  return new Promise(done => {
    connection.tell('sync', payload, (ack: Json) => {
      const entries = sent(connection);
      done({ ack, entries: entries.slice(from), upTo: entries.length });
    });
  });
}

describe('the answer', () => {
  test('is {ok, to, epoch, count}, after everything that came after the number', async () => {
    const { seq: after, epoch } = await headOf();
    const seqs = [await changed('One'), await changed('Two'), await changed('Three')];
    const { connection, head } = await connected(desk);
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toStrictEqual({ ok: true, to: head, epoch, count: 4 });
    expect(entries.map(entry => entry.seq)).toEqual([...seqs, head]);
    expect(entries).toStrictEqual(await journalOf(desk, after));
  });

  test('of a caller who is up to date is count 0', async () => {
    const { connection, head } = await connected(desk);
    const { epoch } = await headOf();
    const { ack, entries } = await sync(connection, { after: head, epoch });
    expect(ack).toStrictEqual({ ok: true, to: head, epoch, count: 0 });
    expect(entries).toEqual([]);
  });

  test('counts what was sent, not what was looked at', async () => {
    const hers = await orders.take({ technician: jelena });
    const { seq: after } = await headOf();
    await manager.change(hers.id, { description: 'Not for Tarik' });
    await manager.change(hers.id, { description: 'Nor this' });
    const seq = await changed('For everyone');
    const { connection, head } = await connected(tarik);
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toMatchObject({ ok: true, to: head, count: 2 });
    expect(entries.map(entry => entry.seq)).toEqual([seq, head]);
  });

  test('repeats what this connection had, when it asks for that', async () => {
    const connection = await desk.connect();
    const { seq: after } = await headOf();
    const seq = await changed('Twice');
    await connection.event('work_order_updated', event => event.seq === seq);
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toMatchObject({ ok: true, count: 1 });
    expect(entries.map(entry => entry.seq)).toEqual([seq]);
  });

  test('comes to each of two that are asked at once, one after the other', async () => {
    const { seq: after } = await headOf();
    const seqs = [await changed('One'), await changed('Two')];
    const { connection, head } = await connected(desk);
    const acks = await Promise.all([
      connection.ask('sync', { after }),
      connection.ask('sync', { after: seqs[0] }),
    ]);
    expect(acks).toMatchObject([
      { ok: true, to: head, count: 3 },
      { ok: true, to: head, count: 2 },
    ]);
    expect(connection.seqs()).toEqual([...seqs, head, seqs[1], head]);
  });

  test('is not needed: without an acknowledgement the events come all the same', async () => {
    const { seq: after } = await headOf();
    const seq = await changed('Asked for without an answer');
    const connection = await desk.connect();
    connection.forget();
    connection.tell('sync', { after });
    await connection.event('work_order_updated', event => event.seq === seq);
  });
});

describe('live events', () => {
  test('wait for the answer: the order of the numbers holds and nothing is missing', async () => {
    const many = await ManyOrders.open(server, 100);
    const { seq: after } = await headOf();
    await many.change();
    await many.change();
    const connection = await desk.connect();
    const done = new AbortController();
    const writing = (async (): Promise<void> => {
      for (let i = 0; !done.signal.aborted; i += 1) await changed(`While it is told ${i}`);
    })();
    // It is not live when it begins: something has come live before.
    await connection.event('work_order_updated');
    const { ack, entries, upTo } = await sync(connection, { after });
    done.abort();
    await writing;
    const last = await orders.fence(connection);
    const { to, count } = ack as { to: number; count: number };
    // What was live before the question was heard comes first; then the replay, without a hole.
    expect(entries.slice(-count).map(entry => entry.seq)).toEqual(span(after + 1, to));
    expect(
      sent(connection)
        .slice(upTo)
        .map(entry => entry.seq),
    ).toEqual(span(to + 1, last));
  });

  test('are not held up for others', async () => {
    const { seq: after } = await headOf();
    const [connection, other] = [await desk.connect(), await desk.connect()];
    const asked = sync(connection, { after: Math.max(0, after - 200) });
    const seq = await changed('Live for the other');
    await other.event('work_order_updated', event => event.seq === seq);
    await asked;
    await connection.event('work_order_updated', event => event.seq === seq);
    expect(other.seqs()).toEqual([seq]);
  });
});

describe('beyond what is kept', () => {
  test.each([
    ['ahead of the head', async () => ({ after: (await headOf()).seq + 1 })],
    ['far ahead of it', async () => ({ after: Number.MAX_SAFE_INTEGER })],
    ['in another epoch', async () => ({ after: (await headOf()).seq, epoch: 'another' })],
  ])('a number %s is resync_required, and the connection stays live', async (_what, payload) => {
    const connection = await desk.connect();
    expect(await connection.ask('sync', await payload())).toStrictEqual(refusal('resync_required'));
    await orders.fence(connection);
    const { ack } = await sync(connection, { after: (await headOf()).seq });
    expect(ack).toMatchObject({ ok: true });
  });

  test('is told by `event_error` when nobody asked for an answer', async () => {
    const connection = await desk.connect();
    connection.tell('sync', { after: (await headOf()).seq + 1 });
    expect(await connection.event('event_error')).toMatchObject({ event: 'sync', code: 'resync_required' });
  });
});

describe('is refused as invalid_payload', () => {
  test.each([
    ['without a payload', []],
    ['null', [null]],
    ['a number', [5]],
    ['a text', ['5']],
    ['a list', [[5]]],
    ['without a number', [{}]],
    ['a number that is text', [{ after: '5' }]],
    ['a broken number', [{ after: 1.5 }]],
    ['a negative number', [{ after: -1 }]],
    ['no number', [{ after: null }]],
    ['a number too large for any', [{ after: 1e300 }]],
    ['an epoch that is none', [{ after: 1, epoch: 5 }]],
  ])('%s', async (_what, args) => {
    const connection = await desk.connect();
    expect(await connection.ask('sync', ...args)).toStrictEqual(refusal('invalid_payload'));
    await orders.fence(connection);
  });
});

describe('what is replayed', () => {
  test.each(staff)('is what the role may see now, whatever rooms are joined: %s', async who => {
    const person = await server.as(who);
    const { seq: after } = await headOf();
    const [lost, won] = [await orders.take({ technician: tarik }), await orders.take({ technician: jelena })];
    await manager.change(lost.id, { description: 'His', cost_total: '11.11' });
    await manager.change(lost.id, { technician_id: jelena.id });
    await manager.change(won.id, { technician_id: tarik.id });
    await desk.change(won.id, { description: 'Now his', device_passcode: 'pass' });
    await manager.write('POST', `/api/work-orders/${won.id}/notes`, { content: 'See to it, @Dana Horvat' });
    await takeIn(jelena);
    await person.call('POST', '/api/notifications/mark-all-read', { body: { up_to_id: 1_000_000 } });
    const { connection, head } = await connected(person);
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toMatchObject({ ok: true, to: head, count: entries.length });
    expect(entries).toStrictEqual(await journalOf(person, after));
    expect(entries.length).toBeGreaterThan(3);
    expect(JSON.stringify(entries)).not.toContain('"pass"');
    const isLead = who === 'admin' || who === 'manager';
    expect(JSON.stringify(entries).includes('11.11')).toBe(isLead);
  });

  test('leaves a session that can be recovered, though its last event is older than the session', async () => {
    const hers = await orders.take({ technician: jelena });
    const { seq: after } = await headOf();
    const seq = await changed('The last that Tarik is told');
    await manager.change(hers.id, { description: 'Not for Tarik' });
    const connection = await tarik.connect({ transports: ['websocket'] });
    await connection.event('notification_count_updated', event => event.seq > seq);
    const { entries } = await sync(connection, { after });
    expect(entries.map(entry => entry.seq)).toEqual([seq]);
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('Missed');
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([seq, missed]);
  });

  test('is gone on with by recovery when the line is cut in its middle: nothing of it is lost', async () => {
    const many = await ManyOrders.open(server, 150);
    const { seq: after } = await headOf();
    const { first } = await many.change();
    const { last } = await many.change();
    const connection = await desk.connect({ transports: ['websocket'] });
    await connection.event('notification_count_updated', event => event.seq >= last);
    connection.forget();
    const cut = new Promise<void>((done, fail) => {
      connection.socket.on('work_order_updated', () => {
        if (connection.seqs().length === 100) connection.cut().then(done, fail);
      });
    });
    connection.tell('sync', { after });
    await cut;
    await connection.reopened();
    expect(connection.recovered).toBe(true);
    const fence = await orders.fence(connection);
    expect(connection.seqs()).toEqual([...span(first, last), fence]);
  });

  test('is told without offsets to one who came with `recovery:false`', async () => {
    const { seq: after } = await headOf();
    const seq = await changed('Without an offset');
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, recovery: false });
    await raw.text(text => text.includes('presence_snapshot'));
    raw.send({ payload: `421["sync",{"after":${after}}]` });
    await raw.text(text => text.startsWith('431['));
    const told = raw.events.filter(([name]) => name === 'work_order_updated');
    expect(told).toHaveLength(1);
    expect(told[0]).toHaveLength(2);
    expect(told[0]![1]).toMatchObject({ seq });
  });
});

describe('a journal of 10,000 rows', () => {
  let after: number;
  beforeAll(async () => {
    const many = await ManyOrders.open(server, 200);
    ({ seq: after } = await headOf());
    for (let change = 0; change < 50; change += 1) await many.change();
    expect((await headOf()).seq).toBe(after + 10_000);
  }, 120_000);

  test('comes whole and in order', async () => {
    const connection = await desk.connect();
    await connection.event('notification_count_updated');
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toMatchObject({ ok: true, to: after + 10_000, count: 10_000 });
    expect(entries.map(entry => entry.seq)).toEqual(span(after + 1, after + 10_000));
  });

  test('comes whole over polling too', async () => {
    const connection = await desk.connect({ transports: ['polling'] });
    await connection.event('notification_count_updated');
    const { ack, entries } = await sync(connection, { after });
    expect(ack).toMatchObject({ ok: true, count: 10_000 });
    expect(entries.map(entry => entry.seq)).toEqual(span(after + 1, after + 10_000));
  });

  test('comes whole by REST, page by page', async () => {
    const entries = await journalOf(desk, after);
    expect(entries.map(entry => entry.seq)).toEqual(span(after + 1, after + 10_000));
  });

  test('and one more is resync_required', async () => {
    const connection = await desk.connect();
    const payload = { after: after - 1 };
    expect(await connection.ask('sync', payload)).toStrictEqual(refusal('resync_required'));
    expect((await desk.get(`/api/events?after=${payload.after}`)).status).toBe(410);
  });
});
