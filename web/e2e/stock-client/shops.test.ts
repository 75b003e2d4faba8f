// "No response, event, count or error may reveal another shop's data" (contract section 1): over every route and every
// event that a client can send.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { Pulse } from '../pulse.ts';
import type { Json } from '../rest.ts';
import { startServer } from '../server.ts';
import { convert, takeIn } from '../tickets.ts';
import type { Notification } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const desk = await server.as('desk');
const admin = await server.as('admin');
const tarik = await server.as('tarik');
const olga = await server.as('otherAdmin');
const theo = await server.as('otherTechnician');

const orders = await Orders.of(server);
const order = await orders.take({ technician: null });
const { row: ticket } = await takeIn(desk);
const [customer] = await desk.customers();
await desk.change(order.id, { technician_id: tarik.id });
const [notification] = await tarik.notifications();

const missing = 999_999;
const subjects: readonly { what: string; method: string; path: string; id: number; body?: Json }[] = [
  { what: 'a user', method: 'PATCH', path: '/api/users/:id', id: tarik.id, body: { name: 'Mine' } },
  { what: 'a customer', method: 'GET', path: '/api/customers/:id', id: customer!.id },
  {
    what: 'a customer',
    method: 'PATCH',
    path: '/api/customers/:id',
    id: customer!.id,
    body: { name: 'Mine' },
  },
  { what: 'a ticket', method: 'GET', path: '/api/tickets/:id', id: ticket.id },
  { what: 'a ticket', method: 'PATCH', path: '/api/tickets/:id', id: ticket.id, body: { device: 'Mine' } },
  { what: 'a ticket', method: 'POST', path: '/api/tickets/:id/convert', id: ticket.id, body: {} },
  { what: 'an order', method: 'GET', path: '/api/work-orders/:id', id: order.id },
  { what: 'an order', method: 'PATCH', path: '/api/work-orders/:id', id: order.id, body: { device: 'Mine' } },
  { what: 'notes', method: 'GET', path: '/api/work-orders/:id/notes', id: order.id },
  {
    what: 'notes',
    method: 'POST',
    path: '/api/work-orders/:id/notes',
    id: order.id,
    body: { content: 'Mine' },
  },
  { what: 'a history', method: 'GET', path: '/api/work-orders/:id/history', id: order.id },
  {
    what: 'a row',
    method: 'PATCH',
    path: '/api/notifications/:id',
    id: notification!.id,
    body: { is_read: true },
  },
  { what: 'a row', method: 'DELETE', path: '/api/notifications/:id', id: notification!.id },
  { what: 'rooms', method: 'GET', path: '/api/websocket/user/:id/rooms', id: tarik.id },
  { what: 'a user', method: 'POST', path: '/api/websocket/emit/:id', id: tarik.id, body: { event: 'x' } },
  {
    what: 'a room',
    method: 'POST',
    path: '/api/websocket/emit/room/user_:id',
    id: tarik.id,
    body: { event: 'x' },
  },
  {
    what: 'a room',
    method: 'POST',
    path: '/api/websocket/emit/room/work_order_:id',
    id: order.id,
    body: { event: 'x' },
  },
  {
    what: 'a room',
    method: 'POST',
    path: '/api/websocket/emit/room/ticket_:id',
    id: ticket.id,
    body: { event: 'x' },
  },
];

describe("another shop's", () => {
  test.each(subjects)(
    '$what is not found, as one that never was: $method $path',
    async ({ method, path, id, body }) => {
      const ask = async (of: number): Promise<object> => {
        const options = body === undefined ? {} : { body };
        const { status, body: said } = await olga.call(method, path.replace(':id', String(of)), options);
        return { status, ...said, request_id: null };
      };
      const foreign = await ask(id);
      expect(foreign).toMatchObject({ status: expect.anything(), code: 'not_found' });
      expect(foreign).toEqual(await ask(missing));
    },
  );

  const references: readonly {
    what: string;
    method: string;
    path: string;
    field: string;
    id: number;
    body: Json;
  }[] = [
    {
      what: 'customer',
      method: 'POST',
      path: '/api/tickets',
      field: 'customer_id',
      id: customer!.id,
      body: { device: 'x', problem_description: 'y' },
    },
    {
      what: 'customer',
      method: 'POST',
      path: '/api/work-orders',
      field: 'customer_id',
      id: customer!.id,
      body: { device: 'x', description: 'y' },
    },
    {
      what: 'technician',
      method: 'POST',
      path: '/api/work-orders',
      field: 'technician_id',
      id: tarik.id,
      body: { customer_id: 0, device: 'x', description: 'y' },
    },
  ];
  test.each(references)(
    '$what cannot be named in $method $path',
    async ({ method, path, field, id, body }) => {
      const [own] = await olga.customers();
      const ask = async (of: number): Promise<object> => {
        const all = { ...body, ...('customer_id' in body && { customer_id: own!.id }), [field]: of };
        const { status, body: said } = await olga.call(method, path, { body: all });
        return { status, ...said, request_id: null };
      };
      const foreign = await ask(id);
      expect(foreign).toMatchObject({ code: 'validation_failed' });
      expect(foreign).toEqual(await ask(missing));
    },
  );

  test('order takes the whole bulk change down, as one that never was', async () => {
    const [own] = await olga.orders();
    const ask = async (other: number): Promise<object> => {
      const body = { ids: [own!.id, other], changes: { priority: 'urgent' } };
      const answer = await olga.call('PATCH', '/api/work-orders/bulk', { body });
      return { status: answer.status, ...answer.body, request_id: null };
    };
    // The refusal names the order that was asked for.
    const strip = (answer: object, id: number): unknown =>
      JSON.parse(JSON.stringify(answer).replaceAll(String(id), '#'));
    const foreign = await ask(order.id);
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect(strip(foreign, order.id)).toEqual(strip(await ask(missing), missing));
    expect((await olga.order(own!.id)).priority).toBe(own!.priority);
  });

  test('e-mail address is as taken as an own one, and nothing more is said', async () => {
    const ask = async (email: string): Promise<object> => {
      const body = { name: 'New', email, role: 'technician', password: 'long enough 1' };
      const answer = await olga.call('POST', '/api/users', { body });
      return { status: answer.status, ...answer.body, request_id: null };
    };
    const foreign = await ask(admin.demo.email);
    expect(foreign).toMatchObject({ code: 'conflict' });
    expect(foreign).toEqual(await ask(theo.demo.email));
  });

  test('rows are in no list, filter or search', async () => {
    const mine = {
      orders: new Set((await admin.orders()).map(row => row.id)),
      tickets: new Set((await admin.tickets()).map(row => row.id)),
      customers: new Set((await admin.customers()).map(row => row.id)),
      users: new Set((await admin.users()).map(row => row.id)),
      notifications: new Set<number>(),
    };
    for (const who of ['admin', 'manager', 'tarik', 'jelena', 'desk'] as const) {
      const rows: Notification[] = await (await server.as(who)).notifications();
      for (const row of rows) mine.notifications.add(row.id);
    }
    for (const other of [olga, theo]) {
      const lists: [Set<number>, { id: number }[]][] = [
        [mine.orders, await other.orders()],
        [mine.tickets, await other.tickets()],
        [mine.customers, await other.customers()],
        [mine.users, await other.users()],
        [mine.notifications, await other.notifications()],
        [mine.orders, await other.orders(`&search=${order.number}`)],
        [mine.orders, await other.orders(`&customer_id=${customer!.id}`)],
        [mine.orders, await other.orders(`&technician_id=${tarik.id}`)],
        [mine.customers, await other.customers(`&search=${encodeURIComponent(customer!.name)}`)],
      ];
      for (const [ours, theirs] of lists) expect(theirs.filter(row => ours.has(row.id))).toEqual([]);
    }
  });

  test('journal is counted by itself: Shop-Seq moves with the own shop alone', async () => {
    const before = (await olga.get('/api/work-orders')).seq;
    await desk.change(order.id, { description: 'Counts here' });
    expect((await olga.get('/api/work-orders')).seq).toBe(before);
  });
});

describe('events', () => {
  let theirs: Connection[];
  let own: Connection;
  beforeAll(async () => {
    theirs = [await olga.connect(), await theo.connect()];
    own = await admin.connect();
  });

  test.each(['join_room', 'leave_room'])(
    '%s of another shop’s rooms is as for rooms that never were',
    async name => {
      const [connection] = theirs;
      for (const room of ['work_order_', 'ticket_']) {
        const of = room === 'ticket_' ? ticket.id : order.id;
        const foreign = await connection!.ask(name, room + of);
        const never = await connection!.ask(name, room + missing);
        expect({ ...foreign, room: null }).toEqual({ ...never, room: null });
        if (name === 'join_room') expect(foreign).toMatchObject({ ok: false, code: 'forbidden' });
      }
    },
  );

  test.each([
    ['typing_start', { roomName: `work_order_${order.id}` }],
    ['typing_stop', { roomName: `work_order_${order.id}` }],
    ['user_presence', { status: 'viewing', workOrderId: order.id }],
  ])('%s into another shop’s rooms is not_in_room and reaches nobody', async (name, payload) => {
    await own.ask('join_room', `work_order_${order.id}`);
    expect(await theirs[0]!.ask(name, payload)).toMatchObject({ ok: false, code: 'not_in_room' });
    await (await Pulse.of(server)).reach(own);
    expect(own.received.filter(event => /typing|presence_update/.test(event.name))).toEqual([]);
  });

  test('of everything that can happen in one shop the other hears nothing', async () => {
    const pulse = await Pulse.of(server, 'otherAdmin');
    await pulse.reach(...theirs);
    for (const each of theirs) each.forget();
    const tab = await desk.connect();
    await tab.ask('join_room', `work_order_${order.id}`);
    await tab.ask('typing_start', { roomName: `work_order_${order.id}` });
    await tab.ask('user_presence', { status: 'editing', workOrderId: order.id });
    const { row } = await takeIn(desk);
    const { row: made } = await convert(desk, row, { technician_id: tarik.id });
    await desk.write('POST', `/api/work-orders/${made.id}/notes`, { content: `@${tarik.demo.name} hello` });
    await desk.write('PATCH', `/api/customers/${made.customer_id}`, { name: 'Renamed' });
    await admin.write('PATCH', '/api/work-orders/bulk', { ids: [made.id], changes: { priority: 'low' } });
    for (const role of ['admin', 'technician']) {
      await admin.write('POST', `/api/websocket/emit/role/${role}`, { event: 'test_here' });
    }
    await admin.write('POST', '/api/websocket/emit/room/admin_room', { event: 'test_here' });
    tab.close();
    await orders.fence(own);
    // Vesna's coming and going ends the grace of the tab, so its user_offline was sent as well.
    const vesna = await server.hire('front_desk', 'Vesna Clock');
    (await vesna.connect()).close();
    await own.event('user_offline', event => event.userId === vesna.id);
    const [theirOrder] = await olga.orders('&status=intake');
    const { seq } = await olga.change(theirOrder!.id, { description: 'A fence in the other shop' });
    await theirs[0]!.event('work_order_updated', event => event.seq === seq);
    await pulse.reach(...theirs);
    const heard = theirs.flatMap(each => each.received).filter(event => !event.name.startsWith('pulse_'));
    for (const event of heard) expect(event).toMatchObject({ payload: { workOrderId: theirOrder!.id } });
  });
});
