// `join_room` and `leave_room`: their rights, acknowledgements and refusals (contract section 6).
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import { refusal, time, viewer } from '../shapes.ts';
import { takeIn } from '../tickets.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const otherAdmin = await server.as('otherAdmin');
const tariks = await orders.take({ technician: tarik });
const pool = await orders.take({ technician: null });

describe('the acknowledgement of join_room', () => {
  test('is {ok:true, room, seq, viewers}', async () => {
    const connection = await manager.connect();
    const room = `work_order_${tariks.id}`;
    const ack = await connection.ask('join_room', room);
    expect(ack).toStrictEqual({ ok: true, room, seq: expect.any(Number), viewers: expect.any(Array) });
    for (const each of ack['viewers'] as unknown[]) expect(each).toStrictEqual(viewer);
  });

  test('has as seq the number up to which everything was sent', async () => {
    const connection = await manager.connect();
    const { seq } = await desk.change(pool.id, { description: 'A change before the join' });
    await connection.event('work_order_updated', event => event.seq === seq);
    const ack = await connection.ask('join_room', `work_order_${pool.id}`);
    expect(ack['seq']).toBe(seq);
    expect((await manager.get('/api/work-orders?limit=1')).seq).toBe(seq);
  });

  test('names the others who have the order open', async () => {
    const room = `work_order_${pool.id}`;
    const first = await desk.connect();
    await first.ask('join_room', room);
    const second = await jelena.connect();
    const { viewers } = (await second.ask('join_room', room)) as { viewers: { userId: number }[] };
    expect(viewers).toContainEqual({ userId: desk.id, userName: 'Dana Horvat', status: 'viewing' });
    first.close();
  });

  test('comes again when the room is joined a second time', async () => {
    const connection = await manager.connect();
    await connection.ask('join_room', `work_order_${pool.id}`);
    expect(await connection.ask('join_room', `work_order_${pool.id}`)).toMatchObject({ ok: true });
  });
});

describe('who may join', () => {
  test.each([
    ['a manager, any order', manager, tariks],
    ['front desk, any order', desk, tariks],
    ['a technician, their own', tarik, tariks],
    ['a technician, the unassigned pool', jelena, pool],
  ])('%s', async (_name, person, order) => {
    const connection = await person.connect();
    expect(await connection.ask('join_room', `work_order_${order.id}`)).toMatchObject({ ok: true });
  });

  test('a person who may not see a work order cannot join its room', async () => {
    const connection = await jelena.connect();
    expect(await connection.ask('join_room', `work_order_${tariks.id}`)).toStrictEqual(refusal('forbidden'));
  });

  test("another shop's order and one that does not exist are refused in the same words", async () => {
    const connection = await otherAdmin.connect();
    const foreign = await connection.ask('join_room', `work_order_${tariks.id}`);
    const missing = await connection.ask('join_room', 'work_order_999999');
    expect(foreign).toStrictEqual(refusal('forbidden'));
    expect(missing).toStrictEqual(foreign);
  });

  test.each([['user_1'], [`user_${manager.id}`], ['role_admin'], ['role_manager'], ['admin_room']])(
    'no client can ask for the automatic room %s',
    async room => {
      const connection = await manager.connect();
      expect(await connection.ask('join_room', room)).toStrictEqual(refusal('forbidden'));
    },
  );
});

const badNames = [
  '',
  ' ',
  'kitchen',
  'work_order_',
  'work_order_x',
  'work_order_-1',
  'work_order_01',
  'WORK_ORDER_1',
];

describe.each(['join_room', 'leave_room'])('%s refuses', name => {
  test.each(badNames)('the name "%s" with bad_room', async room => {
    const connection = await manager.connect();
    expect(await connection.ask(name, room)).toStrictEqual(refusal('bad_room'));
  });

  test.each([
    ['an object', [{ room: 'work_order_1' }]],
    ['a number', [1]],
    ['null', [null]],
    ['a list', [['work_order_1']]],
    ['true', [true]],
    ['nothing', []],
  ])('%s with invalid_payload', async (_what, args) => {
    const connection = await manager.connect();
    expect(await connection.ask(name, ...args)).toStrictEqual(refusal('invalid_payload'));
  });

  test('without an acknowledgement by the event event_error {event, code, message}', async () => {
    const connection = await manager.connect();
    connection.tell(name, 'kitchen');
    expect(await connection.event('event_error')).toStrictEqual({
      event: name,
      code: 'bad_room',
      message: expect.any(String),
      timestamp: time,
    });
  });
});

test.each([['make_coffee'], ['work_order_updated'], ['notification_received'], ['']])(
  'the event "%s" is unknown_event',
  async name => {
    const connection = await manager.connect();
    expect(await connection.ask(name, {})).toStrictEqual(refusal('unknown_event'));
  },
);

describe('leave_room', () => {
  test('acknowledges, and the order is still seen: rooms carry no durable events', async () => {
    const connection = await manager.connect();
    const room = `work_order_${pool.id}`;
    await connection.ask('join_room', room);
    expect(await connection.ask('leave_room', room)).toMatchObject({ ok: true });
    const { seq } = await desk.change(pool.id, { description: 'Seen without the room' });
    await connection.event('work_order_updated', event => event.seq === seq);
  });

  test('takes one off the viewers', async () => {
    // An order of its own: who closed a connection is a viewer for some seconds more.
    const room = `work_order_${(await orders.take()).id}`;
    const [leaver, joiner] = [await desk.connect(), await manager.connect()];
    await leaver.ask('join_room', room);
    await leaver.ask('leave_room', room);
    const { viewers } = (await joiner.ask('join_room', room)) as { viewers: { userId: number }[] };
    expect(viewers.map(each => each.userId)).not.toContain(desk.id);
  });
});

test('each connection is sent an event once, however many of its rooms it would come by', async () => {
  const connections = await Promise.all([
    manager.connect(),
    manager.connect(),
    tarik.connect(),
    desk.connect(),
  ]);
  await Promise.all(connections.map(each => each.ask('join_room', `work_order_${tariks.id}`)));
  const { seq } = await desk.change(tariks.id, { description: 'Once each' });
  await orders.fence(...connections);
  for (const connection of connections) {
    expect(connection.all('work_order_updated').filter(event => event.seq === seq)).toHaveLength(1);
  }
});

describe('room_limit', () => {
  test('100 rooms besides the automatic ones may be joined, and not one more', async () => {
    const small = await startServer();
    try {
      const person = await small.as('desk');
      const rooms = (await person.orders()).map(order => `work_order_${order.id}`);
      const tickets = (await person.tickets()).map(ticket => `ticket_${ticket.id}`);
      rooms.push(...tickets);
      while (rooms.length < 102) rooms.push(`ticket_${(await takeIn(person)).row.id}`);
      const connection = await person.connect();
      for (const room of rooms.slice(0, 100)) {
        expect(await connection.ask('join_room', room)).toMatchObject({ ok: true });
      }
      const [past = '', second = ''] = rooms.slice(100);
      expect(await connection.ask('join_room', past)).toStrictEqual(refusal('room_limit'));
      // One that is joined already takes no more room; one that is left makes room.
      expect(await connection.ask('join_room', rooms[0]!)).toMatchObject({ ok: true });
      await connection.ask('leave_room', rooms[0]!);
      expect(await connection.ask('join_room', past)).toMatchObject({ ok: true });
      connection.tell('join_room', second);
      expect(await connection.event('event_error')).toMatchObject({ event: 'join_room', code: 'room_limit' });
      // Another connection has rooms of its own.
      expect(await (await person.connect()).ask('join_room', second)).toMatchObject({ ok: true });
    } finally {
      await small.discard();
    }
  });
});
