// Recovery after a long time: half an hour away, a quiet day, a window that is over. The program's clock is moved, not waited for.
import { afterAll, describe, expect, test } from 'vitest';
import { journalOf } from '../journal.ts';
import { ManyOrders } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import { claimsOf, sign } from '../tokens.ts';

const minute = 60;
const hour = 60 * minute;

const server = await startServer({
  clocked: true,
  // Longer than all that is moved here; how tokens end is told elsewhere.
  settings: { SHOPBELL__AUTH__ACCESS_TTL_S: `${400 * hour}`, SHOPBELL__LIMITS__REPLAY_EVENTS: '1500' },
});
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

const webSocket = { transports: ['websocket'] };
const order = await orders.take({ technician: null });
const hers = await orders.take({ technician: jelena });

const changed = async (description: string): Promise<number> =>
  (await manager.change(order.id, { description })).seq;

/** Lets the clock run a minute every few milliseconds while something is waited for. */
async function quickly<Value>(awaited: Promise<Value>): Promise<Value> {
  let moved = Promise.resolve();
  const running = setInterval(() => {
    moved = moved.then(() => server.advance(minute));
  }, 40);
  try {
    return await awaited;
  } finally {
    clearInterval(running);
    await moved;
  }
}

describe('away for long', () => {
  test('30 minutes: recovered and complete', async () => {
    const connection = await desk.connect(webSocket);
    await connection.event('notification_count_updated');
    const missed: number[] = [];
    await connection.away(async () => {
      missed.push(await changed('A minute later'));
      await server.advance(30 * minute);
      missed.push(await changed('Half an hour later'));
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed[1]);
    expect(connection.seqs()).toEqual(missed);
  });

  test('30 minutes, with a token that is another one than before', async () => {
    const expiring = { ...claimsOf(desk), exp: Math.floor((await server.now()) / 1000) + 10 * minute };
    let token = sign(expiring);
    const auth = (give: (payload: object) => void): void => give({ token });
    const connection = await desk.connect({ ...webSocket, auth });
    await connection.event('notification_count_updated');
    let missed = 0;
    await connection.away(async () => {
      await server.advance(30 * minute);
      missed = await changed('After the token had expired');
      token = desk.accessToken;
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([missed]);
  });

  test('just under 24 hours: recovered and complete', async () => {
    const connection = await desk.connect(webSocket);
    await connection.event('notification_count_updated');
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('A day ago');
      await server.advance(24 * hour - 5 * minute);
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([missed]);
  });

  test('more than 24 hours: a fresh session, `resync_required`, and live from there', async () => {
    const connection = await desk.connect(webSocket);
    await connection.event('notification_count_updated');
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('More than a day ago');
      await server.advance(24 * hour + minute);
    });
    expect(connection.recovered).toBe(false);
    const resync = await connection.event('resync_required');
    expect(resync.reason).toBeOneOf(['too_old', 'session']);
    expect(resync.seq).toBe(missed);
    const live = await changed('Live again');
    await connection.event('work_order_updated', event => event.seq === live);
    expect(connection.seqs()).toEqual([live]);
  });
});

describe('what happened more than 24 hours ago', () => {
  test('is told neither by `sync` nor by REST, and what came after it is', async () => {
    const old = await changed('Too long ago');
    await server.advance(24 * hour + minute);
    const recent = await changed('Just now');
    const connection = await desk.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    expect(await connection.ask('sync', { after: old - 1 })).toMatchObject({
      ok: false,
      code: 'resync_required',
    });
    expect((await desk.get(`/api/events?after=${old - 1}`)).status).toBe(410);
    expect(connection.seqs()).toEqual([]);
    expect(await connection.ask('sync', { after: old })).toMatchObject({ ok: true });
    expect(connection.seqs()[0]).toBe(recent);
    expect((await desk.get(`/api/events?after=${old}`)).status).toBe(200);
  });
});

describe('a quiet day', () => {
  test('of an hour in which only others were told: the greeting comes again, and it is recovered from there', async () => {
    const connection = await tarik.connect(webSocket);
    const { seq: start } = await connection.event('notification_count_updated');
    const { seq } = await manager.change(hers.id, { description: 'Not for Tarik' });
    const again = await quickly(connection.event('notification_count_updated', event => event.seq >= seq));
    expect(again.seq).toBeGreaterThan(start);
    expect(again).toMatchObject({ userId: tarik.id, unreadCount: await tarik.unread() });
    // From the first greeting it would be too long ago; from the second it is not.
    await server.advance(23 * hour + 30 * minute);
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('For Tarik too');
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([missed]);
  });

  test('of more rows than are replayed, all of them for others: recovered each time', async () => {
    const many = await ManyOrders.open(server, 200, jelena);
    const connection = await tarik.connect(webSocket);
    await connection.event('notification_count_updated');
    for (let round = 0; round < 3; round += 1) {
      let last = 0;
      for (let change = 0; change < 6; change += 1) ({ last } = await many.change());
      await connection.event('notification_count_updated', event => event.seq >= last - 1000);
      // By REST he gets as far, through pages in which nothing is his.
      expect(await journalOf(tarik, last - 1200)).toEqual([]);
    }
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('After 3,600 rows for others');
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([missed]);
    expect(connection.all('resync_required')).toEqual([]);
  });

  test('that begins with a `sync` from far behind: the place is told again after it', async () => {
    const many = await ManyOrders.open(server, 200, jelena);
    const seen = await changed('The last that Tarik may see');
    let last = 0;
    for (let change = 0; change < 6; change += 1) ({ last } = await many.change());
    const connection = await tarik.connect(webSocket);
    await connection.event('notification_count_updated', event => event.seq >= last);
    connection.forget();
    expect(await connection.ask('sync', { after: seen - 1 })).toMatchObject({ ok: true, count: 1 });
    // Its client's last offset lies more than 1,000 rows behind now.
    await connection.event('notification_count_updated', event => event.seq >= last);
    for (let change = 0; change < 3; change += 1) await many.change();
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('More than 1,500 rows later');
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(connection.seqs()).toEqual([seen, missed]);
  });
});
