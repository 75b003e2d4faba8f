// What recovery looks like on the wire (contract section 10): the answer to CONNECT, the greeting, offsets, and two
// transports that want one session.
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import { startServer } from '../server.ts';
import { time } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const jelena = await server.as('jelena');

const order = await orders.take({ technician: null });
const room = `work_order_${order.id}`;

/** The names of the frames after the handshake, in order. */
const names = (raw: RawWebSocket): string[] =>
  raw.texts
    .filter(text => !text.startsWith('0{'))
    .map(text => (text.startsWith('42') ? (JSON.parse(text.slice(2)) as [string])[0] : text.slice(0, 2)));

const settled = (raw: RawWebSocket): Promise<string> =>
  raw.text(text => text.startsWith('42["presence_snapshot"'));

/** Something of every kind that a socket in that room is sent: durable, typing, presence, emits, refusals, answers. */
async function live(raw: RawWebSocket, person: Person): Promise<void> {
  raw.send({ payload: `421["join_room","${room}"]` });
  raw.send({ payload: '422["sync",{"after":1}]' });
  raw.send({ payload: '42["join_room","kitchen"]' });
  await raw.text(text => text.startsWith('431['));
  await raw.text(text => text.startsWith('432['));
  const other = await jelena.connect();
  await other.ask('join_room', room);
  await other.ask('typing_start', { roomName: room, message: 'Words' });
  await other.ask('typing_stop', { roomName: room });
  await other.ask('user_presence', { status: 'editing', workOrderId: order.id });
  await admin.write('POST', `/api/websocket/emit/${person.id}`, { event: 'poked' });
  await manager.change(order.id, { description: 'Told', technician_id: jelena.id });
  await manager.change(order.id, { technician_id: null });
  await raw.seq(await orders.fence());
}

describe('a fresh CONNECT', () => {
  test('is answered with sid and pid, then come the greeting and the presence snapshot', async () => {
    const head = await orders.fence();
    const raw = await RawWebSocket.open(server, desk.accessToken);
    await settled(raw);
    expect(names(raw)).toEqual(['40', 'notification_count_updated', 'presence_snapshot']);
    expect(raw.session).toStrictEqual({ sid: expect.any(String), pid: expect.any(String) });
    const [, payload, offset, ...more] = raw.events[0]!;
    expect(payload).toStrictEqual({
      userId: desk.id,
      unreadCount: await desk.unread(),
      timestamp: time,
      seq: head,
    });
    const epoch = (await desk.get('/api/work-orders?limit=1')).headers.get('shop-epoch');
    expect(offset).toBe(`${epoch}-${head}`);
    expect(more).toEqual([]);
  });

  test('that asked for a session in vain: the answer, `resync_required`, the greeting, the snapshot', async () => {
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid: 'unknown', offset: 'x-1' });
    await settled(raw);
    expect(names(raw)).toEqual(['40', 'resync_required', 'notification_count_updated', 'presence_snapshot']);
  });

  test('has ids that nobody has twice, and a pid that is not the sid', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 8 }, async () => (await RawWebSocket.open(server, desk.accessToken)).session),
    );
    expect(new Set(sessions.flatMap(({ sid, pid }) => [sid, pid])).size).toBe(16);
  });
});

describe('the count of the greeting', () => {
  test('is right in the end, however the greeting meets a notification on its way', async () => {
    const bruno = await server.hire('technician', 'Bruno Busy');
    const mine = await orders.take({ technician: null });
    for (let round = 0; round < 60; round += 1) {
      await orders.bring(mine.id, { technician: null });
      await bruno.call('POST', '/api/notifications/mark-all-read', { body: { up_to_id: 1_000_000 } });
      const raw = await RawWebSocket.open(server);
      const changing = manager.change(mine.id, { technician_id: bruno.id });
      // A little later each time, over all that the change takes.
      await new Promise(later => setTimeout(later, round / 10));
      raw.send({ payload: `40${JSON.stringify({ token: bruno.accessToken })}` });
      await changing;
      await settled(raw);
      await raw.seq(await orders.fence());
      const counts = raw.events.filter(([name]) => name === 'notification_count_updated');
      expect(counts.at(-1)![1]).toMatchObject({ unreadCount: await bruno.unread() });
      raw.destroy();
    }
  });
});

describe('offsets', () => {
  test('are the last argument of durable events, a string; no other event ends in a bare string', async () => {
    const raw = await RawWebSocket.open(server, desk.accessToken);
    await live(raw, desk);
    const epoch = (await desk.get('/api/work-orders?limit=1')).headers.get('shop-epoch');
    const kinds = new Set<string>();
    for (const event of raw.events) {
      const [name, payload, offset] = event as [string, { seq?: number } | null, string?];
      kinds.add(name);
      const isDurable = typeof payload?.seq === 'number';
      expect(event).toHaveLength(isDurable ? 3 : 2);
      if (isDurable) expect(offset).toBe(`${epoch}-${payload.seq}`);
      else expect(payload === null || typeof payload === 'object').toBe(true);
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'notification_count_updated',
        'presence_snapshot',
        'work_order_updated',
        'user_typing_start',
        'user_typing_stop',
        'user_presence_update',
        'event_error',
        'poked',
      ]),
    );
  });

  test('do not come with `recovery:false`: CONNECT is answered with sid alone, each event has one argument', async () => {
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, recovery: false });
    await live(raw, desk);
    expect(Object.keys(raw.session)).toEqual(['sid']);
    expect(raw.events.length).toBeGreaterThan(8);
    for (const event of raw.events) expect(event).toHaveLength(2);
    expect(names(raw).slice(0, 3)).toEqual(['40', 'notification_count_updated', 'presence_snapshot']);
  });
});

describe('a recovered CONNECT', () => {
  test('has everything that was missed exactly once, with its offsets, and no greeting', async () => {
    const first = await RawWebSocket.open(server, desk.accessToken);
    await settled(first);
    const { sid, pid } = first.session;
    const offset = first.events[0]![2];
    first.destroy();
    const missed = [await orders.fence(), await orders.fence(), await orders.fence()];
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid, offset });
    await settled(raw);
    await raw.seq(missed.at(-1)!);
    expect(raw.session).toStrictEqual({ sid, pid });
    const told = raw.events.filter(([name]) => name === 'work_order_updated');
    expect(told.map(([, payload]) => (payload as { seq: number }).seq)).toEqual(missed);
    expect(told.map(each => each[2])).toEqual(missed.map(seq => String(offset).replace(/\d+$/, `${seq}`)));
    expect(names(raw)).not.toContain('notification_count_updated');
    expect(names(raw)).not.toContain('resync_required');
  });

  test('of a session that is open elsewhere closes that one; colleagues see nobody leave or come', async () => {
    const watcher = await admin.connect();
    const vesna = await server.hire('front_desk', 'Vesna Clock');
    const clock = await vesna.connect();
    const hired = await server.hire('front_desk', 'Hana Half');
    const half = await RawWebSocket.open(server, hired.accessToken);
    await watcher.event('user_online', event => event.userId === hired.id);
    await half.text(text => text.startsWith('42["presence_snapshot"'));
    const seq = await orders.fence();
    await half.seq(seq);
    const offset = half.events.find(([name]) => name === 'work_order_updated')![2];
    watcher.forget();
    // The first is still open, as after a tunnel that swallowed its end.
    const raw = await RawWebSocket.open(server, { token: hired.accessToken, pid: half.session.pid, offset });
    await half.closed;
    expect(raw.session).toStrictEqual(half.session);
    const next = await orders.fence();
    await raw.seq(next);
    expect(half.events.map(each => (each[1] as { seq?: number }).seq)).not.toContain(next);
    // After her five seconds of grace his would be over too.
    clock.close();
    await watcher.event('user_offline', event => event.userId === vesna.id);
    const told = [...watcher.all('user_online'), ...watcher.all('user_offline')];
    expect(told.filter(event => event.userId === hired.id)).toEqual([]);
  });

  test('that comes twice at once gives the session to one of them; both are served or may come again', async () => {
    const first = await RawWebSocket.open(server, desk.accessToken);
    await settled(first);
    const { pid } = first.session;
    const offset = first.events[0]![2];
    first.destroy();
    const missed = await orders.fence();
    const auth = { token: desk.accessToken, pid, offset };
    const both = await Promise.allSettled([RawWebSocket.open(server, auth), RawWebSocket.open(server, auth)]);
    const served = both.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    expect(served.length).toBeGreaterThan(0);
    for (const raw of served) expect(raw.session.pid).toBe(pid);
    const again = await RawWebSocket.open(server, auth);
    await again.seq(missed);
    expect(again.session.pid).toBe(pid);
    await Promise.all(served.map(raw => raw.closed));
  });

  test('takes the place of the half-open one also when the person has as many connections as allowed', async () => {
    const busy = await server.hire('front_desk', 'Berta Busy');
    const raws: RawWebSocket[] = [];
    for (let i = 0; i < 20; i += 1) raws.push(await RawWebSocket.open(server, busy.accessToken));
    const [half] = raws;
    await settled(half!);
    const one = await RawWebSocket.open(server, busy.accessToken);
    expect(one.texts.at(-1)).toContain('too_many_connections');
    const auth = { token: busy.accessToken, pid: half!.session.pid, offset: half!.events[0]![2] };
    const back = await RawWebSocket.open(server, auth);
    expect(back.session).toEqual(half!.session);
    await half!.closed;
    for (const raw of [...raws, one, back]) raw.destroy();
  });
});
