// `GET /api/events`: the journal for those who cannot open a socket, the same for everyone as their socket would have had it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { type Entry, journalOf, page, sent } from '../journal.ts';
import { span } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import type { Person } from '../person.ts';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure, removedOrder } from '../shapes.ts';
import { convert, patchTicket, takeIn } from '../tickets.ts';
import type { WorkOrder } from '../wire.ts';

const server = await startServer({ settings: { SHOPBELL__LIMITS__REPLAY_EVENTS: '300' } });
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const people = await Promise.all(staff.map(who => server.as(who)));
const pool = await orders.take({ technician: null });
const hers = await orders.take({ technician: jelena });

/** Something of every kind after which everyone still sees what they saw, and where it ends. */
async function deeds(): Promise<void> {
  const [customer] = await manager.customers();
  const { row: made } = await desk.write<WorkOrder>('POST', '/api/work-orders', {
    customer_id: customer!.id,
    device: 'Game Boy',
    description: 'Silent',
    device_passcode: 'open-sesame',
    technician_id: jelena.id,
  });
  await manager.change(made.id, { cost_total: '77.70', priority: 'urgent' });
  await jelena.change(made.id, { status: 'pending' });
  await jelena.change(made.id, { status: 'in_progress' });
  await jelena.write('POST', `/api/work-orders/${made.id}/notes`, { content: 'Parts, @Marko Kovač?' });
  const { row: ticket } = await takeIn(desk, { notes: 'Wet' });
  await patchTicket(desk, ticket, { priority: 'high' });
  await convert(manager, ticket, {});
  const { row: second } = await takeIn(tarik);
  await patchTicket(desk, second, { status: 'cancelled' });
  await manager.write('PATCH', `/api/customers/${customer!.id}`, { phone: '+385 1 777 1234' });
  await manager.write('PATCH', '/api/work-orders/bulk', {
    ids: [made.id, pool.id],
    changes: { description: 'Both' },
  });
  const [note] = await jelena.notifications();
  await jelena.call('PATCH', `/api/notifications/${note!.id}`, { body: { is_read: true } });
  await jelena.call('DELETE', `/api/notifications/${note!.id}`);
  const told = await manager.notifications();
  await manager.call('POST', '/api/notifications/mark-all-read', { body: { up_to_id: told[0]!.id } });
}

describe('everybody is told what their socket was', () => {
  let start: number;
  let end: number;
  const connections: Connection[] = [];
  const journals: Entry[][] = [];

  beforeAll(async () => {
    for (const person of people) connections.push(await person.connect());
    start = await orders.fence(...connections);
    for (const connection of connections) connection.forget();
    await deeds();
    end = await orders.fence(...connections);
    for (const person of people) journals.push(await journalOf(person, start));
  });

  test.each(staff.map((who, i) => [who, i] as const))('%s', (_who, i) => {
    // What ended in somebody else's hands meanwhile is told by `removed` alone: the rights of now.
    const removed = new Set(connections[i]!.all('repair_ticket_removed').map(event => event.ticketId));
    const live = sent(connections[i]!).filter(
      ({ event, payload }) =>
        event !== 'repair_ticket_updated' || !removed.has(payload['ticketId'] as number),
    );
    expect(journals[i]).toStrictEqual(live);
    expect(journals[i]!.length).toBeGreaterThan(5);
    for (const entry of journals[i]!) expect(entry.payload['seq']).toBe(entry.seq);
  });

  test('and together they have no holes', () => {
    const seqs = new Set(journals.flat().map(entry => entry.seq));
    expect([...seqs].toSorted((a, b) => a - b)).toEqual(span(start + 1, end));
  });

  test('with what their role may not see as null', () => {
    const text = Object.fromEntries(staff.map((who, i) => [who, JSON.stringify(journals[i])]));
    for (const who of staff) {
      expect(text[who]).not.toContain('open-sesame');
      const isTechnician = who === 'tarik' || who === 'jelena';
      expect(text[who]!.includes('+385 1 777')).toBe(!isTechnician);
      expect(text[who]!.includes('77.70')).toBe(who === 'admin' || who === 'manager');
    }
  });

  test("and nothing of another shop's", async () => {
    const otherAdmin = await server.as('otherAdmin');
    const answer = await page(otherAdmin, 'after=0');
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain('Game Boy');
    expect(answer.seq).toBeLessThan(start);
  });
});

describe('pages', () => {
  let start: number;
  let seqs: number[];
  beforeAll(async () => {
    start = await orders.fence();
    seqs = [];
    for (let i = 0; i < 5; i += 1) {
      seqs.push((await manager.change(pool.id, { description: `Page ${i}` })).seq);
    }
  });

  test('have at most `limit` events, and `next` is the last of them', async () => {
    const { status, body, seq } = await page(desk, `after=${start}&limit=2`);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['data', 'next', 'status']);
    expect(body.data.map(entry => entry.seq)).toEqual(seqs.slice(0, 2));
    for (const entry of body.data) expect(Object.keys(entry)).toEqual(['seq', 'event', 'payload']);
    expect(body.next).toBe(seqs[1]);
    expect(seq).toBe(seqs[4]);
  });

  test.each([1, 2, 3, 4, 5, 6, 100])('of %i lead through all of it, each event once', async limit => {
    expect((await journalOf(desk, start, limit)).map(entry => entry.seq)).toEqual(seqs);
  });

  test('have 20 events when nothing is said', async () => {
    const from = await orders.fence();
    for (let i = 0; i < 21; i += 1) await manager.change(pool.id, { description: `Of twenty ${i}` });
    expect((await page(desk, `after=${from}`)).body.data).toHaveLength(20);
  });

  test('are empty where nothing is the caller’s, and `next` is the last number that was looked at', async () => {
    const from = await orders.fence();
    const { seq } = await manager.change(hers.id, { description: 'Not for Tarik' });
    const { body, seq: head } = await page(tarik, `after=${from}`);
    expect(body.data).toEqual([]);
    expect(head).toBeGreaterThanOrEqual(seq);
    expect(body.next).toBe(head);
  });

  test('at the head are empty, and `next` is the head', async () => {
    const head = await orders.fence();
    const { body, seq } = await page(desk, `after=${head}`);
    expect([body.data, body.next, seq]).toEqual([[], head, head]);
  });

  test('carry Shop-Seq and Shop-Epoch', async () => {
    const { seq, headers } = await page(desk, `after=${await orders.fence()}`);
    const list = await desk.get('/api/work-orders?limit=1');
    expect([seq, headers.get('shop-epoch')]).toEqual([list.seq, list.headers.get('shop-epoch')]);
  });
});

describe('the rights of now', () => {
  test('hide an order that was lost from its whole past, save that it is gone', async () => {
    const lost = await orders.take({ technician: tarik });
    const from = await orders.fence();
    await manager.change(lost.id, { description: 'While it was his: s3cret' });
    await manager.change(lost.id, { technician_id: jelena.id });
    await manager.change(lost.id, { description: 'While it was hers: s3cret' });
    const entries = await journalOf(tarik, from);
    expect(JSON.stringify(entries)).not.toContain('s3cret');
    expect(entries.map(entry => entry.event)).not.toContain('work_order_updated');
    const removed = entries.filter(entry => entry.event === 'work_order_removed');
    expect(removed.map(entry => entry.payload)).toStrictEqual([removedOrder(lost.id)]);
    const unassigned = entries.filter(entry => entry.event === 'work_order_assignment_update');
    expect(unassigned.map(entry => entry.payload['workOrder'])).toStrictEqual([
      { id: lost.id, number: lost.number },
    ]);
  });

  test('show an order that was won from then on', async () => {
    const won = await orders.take({ technician: jelena });
    const from = await orders.fence();
    await manager.change(won.id, { technician_id: tarik.id });
    const { seq } = await manager.change(won.id, { description: 'Now that it is his' });
    const entries = await journalOf(tarik, from);
    const shown = entries.filter(entry => entry.event === 'work_order_updated');
    expect(shown.map(entry => entry.payload['action'])).toEqual(['assigned', 'updated']);
    expect(shown[1]!.seq).toBe(seq);
  });
});

describe('what is no longer kept', () => {
  test('is 410 resync_required: one row more than is replayed, and not one less', async () => {
    while ((await orders.fence()) <= 300) /* until there is a number that is too old */ ;
    const head = await orders.fence();
    expect((await page(desk, `after=${head - 300}`)).status).toBe(200);
    const answer = await page(desk, `after=${head - 301}`);
    expect(answer.status).toBe(410);
    expect(answer.body).toStrictEqual(failure('resync_required'));
  });

  test('ahead of the head likewise', async () => {
    const head = await orders.fence();
    const answer = await page(desk, `after=${head + 1}`);
    expect(answer.status).toBe(410);
    expect(answer.body).toStrictEqual(failure('resync_required'));
  });
});

describe('is refused', () => {
  test.each([
    ['without after', ''],
    ['an empty after', 'after='],
    ['a negative after', 'after=-1'],
    ['a broken after', 'after=1.5'],
    ['an after that is text', 'after=abc'],
    ['an after too large for any', 'after=99999999999999999999'],
    ['limit 0', 'after=1&limit=0'],
    ['limit 101', 'after=1&limit=101'],
    ['a limit that is text', 'after=1&limit=many'],
  ])('%s: 400 malformed', async (_what, query) => {
    const answer = await page(desk, query);
    expect(answer.status).toBe(400);
    expect(answer.body).toStrictEqual(failure('malformed'));
  });

  test('without a token: 401', async () => {
    const answer = await request('GET', `${server.url}/api/events?after=0`);
    expect([answer.status, answer.body['code']]).toEqual([401, 'authentication_required']);
  });

  test('with another method: 405', async () => {
    expect((await desk.call('POST', '/api/events', { body: {} })).status).toBe(405);
  });
});

/** What a person's REST lists would say must be what the events lead to: the same reducer serves both. */
test('a reader who follows by REST alone ends with what REST shows', async () => {
  const follower: Person = jelena;
  const list = await follower.get<{ data: WorkOrder[] }>('/api/work-orders?limit=100');
  const known = new Map(list.body.data.map(order => [order.id, order]));
  await manager.change(hers.id, { description: 'Told by REST', technician_id: tarik.id });
  await manager.change(pool.id, { description: 'Seen by everyone', technician_id: jelena.id });
  await takeIn(desk);
  for (const { event, payload } of await journalOf(follower, list.seq)) {
    if (event === 'work_order_updated')
      known.set(payload['workOrderId'] as number, payload['workOrder'] as WorkOrder);
    if (event === 'work_order_removed') known.delete(payload['workOrderId'] as number);
  }
  const now = await follower.orders();
  const byId = (rows: Iterable<WorkOrder>): WorkOrder[] => [...rows].toSorted((a, b) => a.id - b.id);
  expect(byId(known.values())).toEqual(byId(now));
});
