// Test emits and what an admin sees of connections (contract section 5), with connections that are really there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { startServer } from '../server.ts';
import { failure, time } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const otherAdmin = await server.as('otherAdmin');
const order = await orders.take({ technician: null });

/** Two tabs of Tarik, one of everybody else; Tarik's first and the desk's are in the room of the order. */
let tabs: Record<'admin' | 'manager' | 'desk' | 'tarik' | 'tarikToo' | 'jelena' | 'otherAdmin', Connection>;
beforeAll(async () => {
  tabs = {
    admin: await admin.connect(),
    manager: await manager.connect(),
    desk: await desk.connect(),
    tarik: await tarik.connect(),
    tarikToo: await tarik.connect(),
    jelena: await jelena.connect(),
    otherAdmin: await otherAdmin.connect(),
  };
  for (const who of ['desk', 'tarik'] as const) await tabs[who].ask('join_room', `work_order_${order.id}`);
});

const emit = (to: string | number, body: object, by: Person = admin) =>
  by.call('POST', `/api/websocket/emit/${to}`, { body });

const targets = [
  { name: 'a user', to: () => tarik.id, key: 'userId', reached: ['tarik', 'tarikToo'] },
  { name: 'a role', to: () => 'role/technician', key: 'role', reached: ['tarik', 'tarikToo', 'jelena'] },
  {
    name: 'a joined room',
    to: () => `room/work_order_${order.id}`,
    key: 'roomName',
    reached: ['desk', 'tarik'],
  },
  { name: 'admin_room', to: () => 'room/admin_room', key: 'roomName', reached: ['admin', 'manager'] },
  { name: 'a user_ room', to: () => `room/user_${jelena.id}`, key: 'roomName', reached: ['jelena'] },
  { name: 'a role_ room', to: () => 'room/role_front_desk', key: 'roomName', reached: ['desk'] },
] as const;

describe.each(targets)('a test emit to $name', ({ name, to, key, reached }) => {
  test('is answered {status, message, data:{…, event, data, timestamp, delivered}} and reaches exactly those', async () => {
    const event = `test_${name}`;
    const data = { text: 'Hello', list: [1, null, 'č'], deep: { a: { b: true } } };
    const answer = await emit(to(), { event, data });
    expect(answer.status).toBe(200);
    const target = String(to()).replace(/^(room|role)\//, '');
    expect(answer.body).toStrictEqual({
      status: 'success',
      message: expect.any(String),
      data: {
        [key]: key === 'userId' ? tarik.id : target,
        event,
        data,
        timestamp: time,
        delivered: reached.length,
      },
    });
    const { otherAdmin: foreign, ...own } = tabs;
    await pulse.reach(...Object.values(own));
    for (const [who, tab] of Object.entries(own)) {
      const came = tab.received.filter(each => each.name === event).map(each => each.payload);
      expect({ who, came }).toEqual({
        who,
        came: (reached as readonly string[]).includes(who) ? [data] : [],
      });
    }
    expect(foreign.received.some(each => each.name === event)).toBe(false);
  });
});

describe('a test emit', () => {
  test.each([
    ['absent', {}],
    ['null', { data: null }],
  ])('with data %s arrives as null', async (what, more) => {
    const event = `test_${what}`;
    const answer = await emit(jelena.id, { event, ...more });
    expect(answer.body['data']).toMatchObject({ data: null, delivered: 1 });
    expect(await tabs.jelena.other(event)).toBeNull();
  });

  test.each([
    ['an offline user', 'offline'],
    ['a room that nobody is in', 'empty'],
  ])('to %s is 200 with delivered:0', async (_name, which) => {
    const absent = await server.hire('technician', `Nobody ${which}`);
    const to = which === 'offline' ? absent.id : `room/work_order_${(await orders.take()).id}`;
    const answer = await emit(to, { event: 'test_nobody' });
    expect(answer).toMatchObject({ status: 200, body: { data: { delivered: 0 } } });
  });

  const reserved = [
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
    'notification_received',
    'notification_count_updated',
    'notification_deleted',
    'notification_read',
    'work_order_updated',
    'work_order_removed',
    'work_order_assignment_update',
    'repair_ticket_updated',
    'repair_ticket_removed',
    'user_online',
    'user_offline',
    'user_typing_start',
    'user_typing_stop',
    'user_presence_update',
    'presence_snapshot',
    'token_expiring',
    'token_expired',
    'room_left',
    'resync_required',
    'event_error',
  ];
  test.each(reserved)('by the name %s is 400 reserved_event, to a user, a room and a role', async event => {
    for (const to of [tarik.id, 'room/admin_room', 'role/technician']) {
      const answer = await emit(to, { event });
      expect(answer.status).toBe(400);
      expect(answer.body).toStrictEqual(failure('reserved_event'));
    }
  });

  test.each([[{}], [{ event: '' }]])('%j is 400 event_required', async body => {
    const answer = await emit(tarik.id, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 'fail', code: 'event_required' });
  });

  test('of another shop reaches nobody here, and its people and rooms are not found', async () => {
    for (const to of [tarik.id, `room/user_${tarik.id}`, `room/work_order_${order.id}`]) {
      expect((await emit(to, { event: 'test_foreign' }, otherAdmin)).status).toBe(404);
    }
    for (const to of ['role/admin', 'role/technician', 'room/admin_room']) {
      expect((await emit(to, { event: 'test_foreign' }, otherAdmin)).status).toBe(200);
    }
    await tabs.otherAdmin.other('test_foreign');
    const { otherAdmin: _, ...own } = tabs;
    await pulse.reach(...Object.values(own));
    for (const tab of Object.values(own)) expect(JSON.stringify(tab.received)).not.toContain('test_foreign');
  });

  test.each(['manager', 'desk', 'tarik'] as const)('is for admins: %s is 403', async who => {
    for (const to of [jelena.id, 'room/admin_room', 'role/technician']) {
      const answer = await emit(to, { event: 'test_forbidden' }, await server.as(who));
      expect(answer.status).toBe(403);
      expect(answer.body).toStrictEqual(failure('forbidden'));
    }
  });
});

describe('GET /api/websocket/stats', () => {
  test("has the connections and rooms of the caller's shop", async () => {
    const { body } = await admin.get('/api/websocket/stats');
    const row = (person: Person, connections: number): object => ({
      userId: person.id,
      userName: person.demo.name,
      userRole: person.demo.role,
      connections,
    });
    expect(body).toMatchObject({ status: 'success', data: { totalConnections: 6, isServiceActive: true } });
    const { connectedUsers, rooms } = body['data'] as { connectedUsers: object[]; rooms: object[] };
    expect(connectedUsers).toHaveLength(5);
    expect(connectedUsers).toEqual(
      expect.arrayContaining([row(admin, 1), row(manager, 1), row(desk, 1), row(tarik, 2), row(jelena, 1)]),
    );
    expect(rooms).toContainEqual({ name: `work_order_${order.id}`, members: 2 });
    expect(rooms).toContainEqual({ name: 'admin_room', members: 2 });
    expect(rooms).toContainEqual({ name: 'role_technician', members: 3 });
    expect(rooms).toContainEqual({ name: `user_${tarik.id}`, members: 2 });
    expect(JSON.stringify(rooms)).not.toContain(`user_${otherAdmin.id}`);
  });

  test('of the other shop has nothing of this one', async () => {
    const { body } = await otherAdmin.get('/api/websocket/stats');
    const { connectedUsers, totalConnections, rooms } = body['data'] as {
      connectedUsers: { userId: number }[];
      totalConnections: number;
      rooms: { name: string; members: number }[];
    };
    expect(connectedUsers.map(user => user.userId)).toEqual([otherAdmin.id]);
    expect(totalConnections).toBe(1);
    expect(new Set(rooms.map(room => room.name))).toEqual(
      new Set(['admin_room', 'role_admin', `user_${otherAdmin.id}`]),
    );
    for (const room of rooms) expect(room.members).toBe(1);
  });
});

describe('GET /api/websocket/user/:id/rooms', () => {
  test('is {userId, rooms, isOnline}, for an admin and for oneself', async () => {
    const path = `/api/websocket/user/${tarik.id}/rooms`;
    for (const reader of [admin, tarik]) {
      const { body } = await reader.get<{ data: { rooms: string[] } }>(path);
      expect(body).toStrictEqual({
        status: 'success',
        data: { userId: tarik.id, rooms: expect.any(Array), isOnline: true },
      });
      expect(body.data.rooms.toSorted()).toEqual(
        [`user_${tarik.id}`, 'role_technician', `work_order_${order.id}`].toSorted(),
      );
    }
    for (const reader of [jelena, desk, manager]) expect((await reader.get(path)).status).toBe(403);
    expect((await otherAdmin.get(path)).status).toBe(404);
  });

  test('has admin_room for admin and manager', async () => {
    for (const person of [admin, manager]) {
      const { body } = await admin.get(`/api/websocket/user/${person.id}/rooms`);
      expect(body['data']).toMatchObject({
        rooms: expect.arrayContaining(['admin_room', `role_${person.demo.role}`, `user_${person.id}`]),
      });
    }
  });
});
