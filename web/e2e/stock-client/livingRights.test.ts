// Rights that live: logout, a reused family, disablement, a password, a role and reassignment reach every open socket within
// 2 s (contract sections 2, 6 and 10).
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { hangUp } from '../hangUp.ts';
import { Orders } from '../orders.ts';
import { password } from '../people.ts';
import { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { removedOrder, time } from '../shapes.ts';
import type { Role } from '../wire.ts';

const server = await startServer({ settings: { SHOPBELL__AUTH__REFRESH_GRACE_S: '0' } });
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

/** What the contract allows. */
const soonMs = 2000;

/** Does something and fails unless what it leads to has come within the time. */
async function soon<Value>(awaited: Promise<Value>, deed: () => Promise<unknown>): Promise<Value> {
  // The time counts from the answer: the deed is done then.
  await deed();
  const from = performance.now();
  const value = await awaited;
  expect(performance.now() - from).toBeLessThan(soonMs);
  return value;
}

let hired = 0;
const hire = (role: Role): Promise<Person> => server.hire(role, `Hand Number${(hired += 1)}`);

/** Two tabs and one that polls. */
const open = (person: Person): Promise<Connection[]> =>
  Promise.all(
    [['websocket'], ['polling', 'websocket'], ['polling']].map(transports => person.connect({ transports })),
  );

const closed = (connections: Connection[]): Promise<string[]> =>
  Promise.all(connections.map(each => each.closed()));
const disconnected = (connections: Connection[]): string[] => connections.map(() => 'io server disconnect');
const patchUser = (person: Person, changes: object): Promise<unknown> =>
  admin.write('PATCH', `/api/users/${person.id}`, { ...changes });

describe('ends for good, by a DISCONNECT packet, with', () => {
  test('logout: every socket of that login, and none of another', async () => {
    const [leaver, other] = [await server.signInAgain('desk'), await server.signInAgain('desk')];
    const [tabs, safe] = [await open(leaver), await other.connect()];
    const reasons = await soon(closed(tabs), () => leaver.call('POST', '/api/auth/logout'));
    expect(reasons).toEqual(disconnected(tabs));
    expect(tabs.map(tab => tab.socket.active)).toEqual([false, false, false]);
    await orders.fence(safe);
  });

  test('a spent refresh token that comes again: every socket of the family', async () => {
    const stolen = await server.signInAgain('desk');
    const tabs = await open(stolen);
    const refresh = (): Promise<unknown> =>
      request('POST', `${server.url}/api/auth/refresh`, { body: { refresh_token: stolen.refreshToken } });
    await refresh();
    await orders.fence(...tabs);
    expect(await soon(closed(tabs), refresh)).toEqual(disconnected(tabs));
  });

  test('disablement: every socket, REST and CONNECT', async () => {
    const dora = await hire('technician');
    const tabs = await open(dora);
    expect(await soon(closed(tabs), () => patchUser(dora, { is_active: false }))).toEqual(disconnected(tabs));
    expect((await dora.get('/api/auth/me')).status).toBe(401);
    expect((await dora.prepare().refused()).data).toStrictEqual({ code: 'invalid_token' });
    const login = await request('POST', `${server.url}/api/auth/login`, {
      body: { email: dora.demo.email, password },
    });
    expect([login.status, login.body['code']]).toEqual([401, 'invalid_credentials']);
  });

  test('another password: every socket of every login before it', async () => {
    const paula = await hire('front_desk');
    const second = await Person.signIn(() => server.url, paula.demo);
    const tabs = [...(await open(paula)), await second.connect()];
    const deed = (): Promise<unknown> => patchUser(paula, { password: 'a-quite-different-one' });
    expect(await soon(closed(tabs), deed)).toEqual(disconnected(tabs));
    for (const each of [paula, second]) {
      expect((await each.get('/api/auth/me')).status).toBe(401);
      const answer = await request('POST', `${server.url}/api/auth/refresh`, {
        body: { refresh_token: each.refreshToken },
      });
      expect(answer.status).toBe(401);
    }
  });
});

describe('another role', () => {
  test('closes the transport; the stock client comes back by itself as what the person is now', async () => {
    const pia = await hire('technician');
    const tabs = await open(pia);
    const hidden = await orders.take({ technician: jelena });
    const reasons = await soon(closed(tabs), () => patchUser(pia, { role: 'manager' }));
    for (const reason of reasons) expect(reason).toBeOneOf(['transport close', 'transport error']);
    await Promise.all(tabs.map(tab => tab.reopened()));
    for (const tab of tabs) {
      expect(tab.recovered).toBe(false);
      expect((await tab.event('resync_required')).reason).toBe('role');
    }
    const { seq } = await manager.change(hidden.id, { cost_total: '12.30' });
    for (const tab of tabs) {
      const event = await tab.event('work_order_updated', each => each.seq === seq);
      expect(event.workOrder.cost_total).toBe('12.30');
    }
    const rooms = await admin.get<{ data: { rooms: string[] } }>(`/api/websocket/user/${pia.id}/rooms`);
    expect(rooms.body.data.rooms.toSorted()).toEqual(['admin_room', 'role_manager', `user_${pia.id}`]);
  });

  test('a lower one: nothing of what only the higher one saw comes after 2 s', async () => {
    const max = await hire('manager');
    const connection = await max.connect();
    const hidden = await orders.take({ technician: jelena });
    await connection.ask('join_room', `work_order_${hidden.id}`);
    await soon(closed([connection]), () => patchUser(max, { role: 'technician' }));
    await connection.reopened();
    connection.forget();
    await manager.change(hidden.id, { cost_total: '45.60' });
    const other = await manager.connect();
    await other.ask('join_room', `work_order_${hidden.id}`);
    await other.ask('typing_start', { roomName: `work_order_${hidden.id}` });
    await orders.fence(connection);
    await pulse.reach(connection);
    expect(JSON.stringify(connection.received)).not.toContain('45.60');
    expect(connection.all('user_typing_start')).toEqual([]);
    expect(connection.all('work_order_updated').map(event => event.workOrderId)).not.toContain(hidden.id);
  });

  test('a PATCH that leaves role, activity and password as they are leaves the sockets alone', async () => {
    const pia = await hire('front_desk');
    const connection = await pia.connect();
    const { id } = connection.socket;
    await patchUser(pia, { role: 'front_desk', is_active: true, name: 'Pia Renamed' });
    await orders.fence(connection);
    await pulse.reach(connection);
    expect(connection.socket.id).toBe(id);
    expect(connection.all('resync_required')).toEqual([]);
  });
});

describe('reassignment', () => {
  test('takes every socket of the old technician out of the room: `room_left`, then nothing of the order', async () => {
    const lost = await orders.take({ technician: tarik });
    const room = `work_order_${lost.id}`;
    const tabs = await open(tarik);
    const typist = await manager.connect();
    await typist.ask('join_room', room);
    for (const tab of tabs) {
      await tab.ask('join_room', room);
      tab.forget();
    }
    const left = Promise.all(tabs.map(tab => tab.event('room_left')));
    const told = await soon(left, () => manager.change(lost.id, { technician_id: jelena.id }));
    expect(told).toStrictEqual(
      tabs.map(() => ({ roomName: room, reason: 'access_revoked', timestamp: time })),
    );
    await manager.change(lost.id, { description: 'Hers now: s3cret' });
    await typist.ask('typing_start', { roomName: room, message: 's3cret' });
    await typist.ask('user_presence', { status: 'editing', workOrderId: lost.id });
    await orders.fence(...tabs);
    await pulse.reach(...tabs);
    for (const tab of tabs) {
      expect(tab.all('work_order_removed')).toStrictEqual([removedOrder(lost.id)]);
      expect(tab.all('room_left')).toHaveLength(1);
      expect(JSON.stringify(tab.received)).not.toContain('s3cret');
      expect(tab.all('user_presence_update')).toEqual([]);
      expect(await tab.ask('typing_start', { roomName: room })).toMatchObject({ code: 'not_in_room' });
    }
    // Nobody sees him there any more.
    const { viewers } = (await typist.ask('join_room', room)) as { viewers: { userId: number }[] };
    expect(viewers.map(viewer => viewer.userId)).not.toContain(tarik.id);
  });

  test('an order taken from the pool by somebody leaves the rooms of all other technicians', async () => {
    const pool = await orders.take({ technician: null });
    const room = `work_order_${pool.id}`;
    const [his, hers] = [await tarik.connect(), await jelena.connect()];
    await his.ask('join_room', room);
    await hers.ask('join_room', room);
    await soon(his.event('room_left'), () => jelena.change(pool.id, { technician_id: jelena.id }));
    await orders.fence(hers);
    await pulse.reach(hers);
    expect(hers.all('room_left')).toEqual([]);
    expect(await hers.ask('typing_start', { roomName: room })).toMatchObject({ ok: true });
  });
});

describe('when the caller hangs up before the answer, what was done reaches the sockets all the same', () => {
  const impatience = [0, 1, 2, 4, 8, 16, 32, 64, 150];
  /** How many of the deeds below were done at all: one that was never begun proves nothing. */
  const done = { logout: 0, disabled: 0, role: 0, reassigned: 0 };
  afterAll(() => {
    for (const [what, count] of Object.entries(done)) expect(count, what).toBeGreaterThan(0);
  });

  test.each(impatience)('logout, %i ms', async ms => {
    const leaver = await server.signInAgain('desk');
    const connection = await leaver.connect({ reconnection: false });
    const reason = connection.closed();
    reason.catch(() => {});
    await hangUp(server, leaver, ['POST', '/api/auth/logout'], {}, ms);
    if ((await leaver.get('/api/auth/me')).status !== 401) return;
    done.logout += 1;
    expect(await soon(reason, async () => {})).toBe('io server disconnect');
  });

  test.each(impatience)('disablement and role, %i ms', async ms => {
    const [first, second] = [await hire('technician'), await hire('technician')];
    const [disabled, promoted] = [
      await first.connect({ reconnection: false }),
      await second.connect({ reconnection: false }),
    ];
    const reasons = [disabled.closed(), promoted.closed()] as const;
    for (const reason of reasons) reason.catch(() => {});
    await hangUp(server, admin, ['PATCH', `/api/users/${first.id}`], { is_active: false }, ms);
    await hangUp(server, admin, ['PATCH', `/api/users/${second.id}`], { role: 'manager' }, ms);
    const users = await admin.users();
    if (users.find(user => user.id === first.id)?.is_active === false) {
      done.disabled += 1;
      expect(await soon(reasons[0], async () => {})).toBe('io server disconnect');
    }
    if (users.find(user => user.id === second.id)?.role === 'manager') {
      done.role += 1;
      expect(await soon(reasons[1], async () => {})).toBe('transport close');
    }
  });

  test.each(impatience)('reassignment, %i ms', async ms => {
    // One of its own for each: what was sent by one who hung up may still be done later.
    const lost = await orders.take({ technician: tarik });
    const connection = await tarik.connect();
    expect(await connection.ask('join_room', `work_order_${lost.id}`)).toMatchObject({ ok: true });
    const change = { technician_id: jelena.id };
    await hangUp(server, manager, ['PATCH', `/api/work-orders/${lost.id}`], change, ms);
    if ((await manager.order(lost.id)).technician_id !== jelena.id) return;
    done.reassigned += 1;
    await soon(connection.event('room_left'), async () => {});
    await connection.event('work_order_removed', event => event.workOrderId === lost.id);
  });
});
