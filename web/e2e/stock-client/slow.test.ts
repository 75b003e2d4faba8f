// Readers that are slower than the shop: bounded by what may wait for them, complete all the same (contract section 7).
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalOf, sent } from '../journal.ts';
import { ManyOrders, span } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import { startServer } from '../server.ts';

const stall = 3;
const [patient, impatient] = await Promise.all([
  startServer(),
  startServer({ settings: { SHOPBELL__LIMITS__QUEUE_STALL_S: String(stall) } }),
]);
afterAll(() => Promise.all([patient.discard(), impatient.discard()]));

/** With this in its description an order is 4 KB: what may wait in the queue and in the kernel is soon full. */
const padding = ' and long'.repeat(430);
/** 200 orders of 4 KB, so often: 16 MB, far beyond a queue of 1 MiB and what two kernels hold for a socket. */
const changes = 20;

const seqsOf = (raw: RawWebSocket): number[] =>
  raw.events
    .filter(([name]) => name === 'work_order_updated')
    .map(([, payload]) => (payload as { seq: number }).seq);

async function load(many: ManyOrders, times = changes): Promise<{ first: number; last: number }> {
  const { first } = await many.change(padding);
  let last = first;
  for (let i = 1; i < times; i += 1) ({ last } = await many.change(padding));
  return { first, last };
}

/** Resident memory of the program, in bytes. */
function memory(server: typeof patient): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

describe('a reader that stops', { timeout: 120_000 }, () => {
  let orders: Orders;
  let many: ManyOrders;
  beforeAll(async () => {
    orders = await Orders.of(patient);
    many = await ManyOrders.open(patient, 200);
  });

  test('and reads again before the limit is not closed, and is complete in order', async () => {
    const desk = await patient.as('desk');
    const raw = await RawWebSocket.open(patient, desk.accessToken);
    const start = await orders.fence();
    await raw.seq(start);
    const witness = await desk.connect();
    const loading = load(many);
    // Never longer than half of the limit at once.
    raw.pause();
    let isPaused = true;
    const turning = setInterval(() => {
      isPaused = !isPaused;
      if (isPaused) raw.pause();
      else raw.resume();
    }, 4_000);
    const { first, last } = await loading;
    clearInterval(turning);
    raw.resume();
    const fence = await orders.fence(witness);
    await raw.seq(fence);
    expect(seqsOf(raw)).toEqual([start, ...span(first, last), fence]);
    expect(raw.events.map(([name]) => name)).not.toContain('resync_required');
    const offsets = raw.events.filter(([name]) => name === 'work_order_updated').map(each => each[2]);
    expect(new Set(offsets).size).toBe(offsets.length);
    raw.destroy();
  });

  test('holds up nobody else', async () => {
    const desk = await patient.as('desk');
    const raw = await RawWebSocket.open(patient, desk.accessToken);
    raw.pause();
    const other = await desk.connect();
    const { first, last } = await load(many, changes / 2);
    const fence = await orders.fence(other);
    expect(other.seqs()).toEqual([...span(first, last), fence]);
    raw.destroy();
  });

  test('does not make the program grow by what it does not read', async () => {
    const desk = await patient.as('desk');
    const warm = memory(patient);
    const readers = await Promise.all(
      Array.from({ length: 10 }, () => RawWebSocket.open(patient, desk.accessToken)),
    );
    for (const reader of readers) reader.pause();
    // Half as much as above, to be done well before any of them has stopped for too long.
    const { first, last } = await load(many, changes / 2);
    const grown = memory(patient) - warm;
    for (const reader of readers) reader.resume();
    // What each was sent is 8 MB, and what may wait for it 1 MiB.
    expect(grown).toBeLessThan(40 * 1024 * 1024);
    await Promise.all(readers.map(reader => reader.seq(last)));
    for (const reader of readers) {
      expect(seqsOf(reader)).toEqual(span(first, last));
      reader.destroy();
    }
  });
});

describe('a reader that stopped', { timeout: 120_000 }, () => {
  test('is told by the rights of now when it reads again', async () => {
    const orders = await Orders.of(patient);
    const many = await ManyOrders.open(patient, 200);
    const [manager, tarik, jelena] = await Promise.all([
      patient.as('manager'),
      patient.as('tarik'),
      patient.as('jelena'),
    ]);
    const lost = await orders.take({ technician: tarik });
    const raw = await RawWebSocket.open(patient, { token: tarik.accessToken, recovery: false });
    await raw.seq(await orders.fence());
    raw.pause();
    const { first, last } = await load(many, changes / 2);
    // Too late to be on the line already.
    await manager.change(lost.id, { description: 'While it was his: s3cret' });
    await manager.change(lost.id, { technician_id: jelena.id });
    await manager.change(lost.id, { description: 'While it was hers: s3cret' });
    const fence = await orders.fence();
    raw.resume();
    await raw.seq(fence);
    expect(seqsOf(raw).slice(1)).toEqual([...span(first, last), fence]);
    expect(raw.texts.join()).not.toContain('s3cret');
    const removed = raw.events.filter(([name]) => name === 'work_order_removed');
    expect(removed.map(([, payload]) => payload)).toMatchObject([{ workOrderId: lost.id }]);
    for (const event of raw.events) expect(event).toHaveLength(2);
    raw.destroy();
  });

  test('gives its session to its client that comes back, though what was sent to it lies unread', async () => {
    const orders = await Orders.of(patient);
    const many = await ManyOrders.open(patient, 200);
    const desk = await patient.as('desk');
    const half = await RawWebSocket.open(patient, desk.accessToken);
    const start = await orders.fence();
    await half.seq(start);
    const offset = half.events.findLast(([name]) => name === 'work_order_updated')![2];
    half.pause();
    const { first, last } = await load(many, changes / 2);
    const auth = { token: desk.accessToken, pid: half.session.pid, offset };
    const back = await RawWebSocket.open(patient, auth);
    expect(back.session).toEqual(half.session);
    const fence = await orders.fence();
    await back.seq(fence);
    expect(seqsOf(back)).toEqual([...span(first, last), fence]);
    half.destroy();
    back.destroy();
  });

  test('for more rows than are replayed is told `resync_required` and goes on live from there', async () => {
    const small = await startServer({ settings: { SHOPBELL__LIMITS__REPLAY_EVENTS: '300' } });
    try {
      const orders = await Orders.of(small);
      const many = await ManyOrders.open(small, 200);
      const desk = await small.as('desk');
      const raw = await RawWebSocket.open(small, desk.accessToken);
      const start = await orders.fence();
      await raw.seq(start);
      raw.pause();
      const { first, last } = await load(many, changes / 2);
      raw.resume();
      await raw.text(text => text.startsWith('42["resync_required"'));
      const fence = await orders.fence();
      await raw.seq(fence);
      const at = raw.events.findIndex(([name]) => name === 'resync_required');
      const { reason, seq } = raw.events[at]![1] as { reason: string; seq: number };
      expect(reason).toBe('too_old');
      // Without a hole up to where it was given up, and from where it is live.
      const seqs = seqsOf(raw).slice(1);
      const before = seqs.filter(each => each < seq && each <= last);
      expect(before).toEqual(span(first, first + before.length - 1));
      expect(seqs.slice(before.length)).toEqual(span(seq + 1, fence));
      expect(raw.events[at + 1]![0]).toBe('notification_count_updated');
      raw.destroy();
    } finally {
      await small.discard();
    }
  });
});

describe('a reader that never reads again', { timeout: 120_000 }, () => {
  test('is closed, and by its pid recovers completely', async () => {
    const orders = await Orders.of(impatient);
    const many = await ManyOrders.open(impatient, 200);
    const desk = await impatient.as('desk');
    const admin = await impatient.as('admin');
    const raw = await RawWebSocket.open(impatient, desk.accessToken);
    const start = await orders.fence();
    await raw.seq(start);
    raw.pause();
    const { first, last } = await load(many);
    const watcher = await admin.connect();
    // Five seconds after her last connection she is offline: it was closed.
    await watcher.event('user_offline', event => event.userId === desk.id);
    // What is in the kernel is still read; then comes the end.
    raw.resume();
    await raw.closed;
    const had = seqsOf(raw);
    expect(had).toEqual([start, ...span(first, first + had.length - 2)]);
    expect(had.length).toBeLessThan(200 * changes);

    const offset = raw.events.findLast(([name]) => name === 'work_order_updated')![2];
    const auth = { token: desk.accessToken, pid: raw.session.pid, offset };
    const back = await RawWebSocket.open(impatient, auth);
    expect(back.session).toEqual(raw.session);
    const fence = await orders.fence();
    await back.seq(fence);
    expect(seqsOf(back)).toEqual([...span(had.at(-1)! + 1, last), fence]);
    expect(back.events.map(([name]) => name)).not.toContain('resync_required');
    back.destroy();
  });
});

describe('a client that polls', { timeout: 120_000 }, () => {
  test('is complete after bulk changes of 200', async () => {
    const orders = await Orders.of(patient);
    const many = await ManyOrders.open(patient, 200);
    const manager = await patient.as('manager');
    const connection = await manager.connect({ transports: ['polling'] });
    await orders.fence(connection);
    connection.forget();
    const { first } = await many.change(padding);
    const { last } = await many.change(padding);
    const fence = await orders.fence(connection);
    expect(connection.seqs()).toEqual([...span(first, last), fence]);
    expect(sent(connection)).toStrictEqual(await journalOf(manager, first - 1));
  });
});
