// `user_presence` and the viewers of a room: who has which order open, over all of their tabs (contract section 6).
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { startServer } from '../server.ts';
import { refusal, time } from '../shapes.ts';
import { takeIn } from '../tickets.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

/** An order of its own for each test, since who closes a connection stays for some seconds. */
const newOrder = async (): Promise<number> => (await orders.take({ technician: null })).id;

async function inRoom(person: Person, room: string): Promise<Connection> {
  const connection = await person.connect();
  expect(await connection.ask('join_room', room)).toMatchObject({ ok: true });
  return connection;
}
const opens = (person: Person, order: number): Promise<Connection> => inRoom(person, `work_order_${order}`);

const update = (person: Person, workOrderId: number, status: string): object => ({
  userId: person.id,
  userName: person.demo.name,
  status,
  workOrderId,
  timestamp: time,
});

/** What the room was told of people, in order. */
const told = (connection: Connection): string[] =>
  connection.all('user_presence_update').map(each => each.status);

async function viewersOf(room: string, reader: Person = manager): Promise<object[]> {
  const connection = await reader.connect();
  const { viewers } = await connection.ask('join_room', room);
  connection.close();
  return viewers as object[];
}

describe('user_presence', () => {
  test.each(['viewing', 'editing', 'idle', 'away'])(
    '%s reaches the room without the sender: {userId, userName, status, workOrderId, timestamp}',
    async status => {
      const order = await newOrder();
      const [sender, tab] = [await opens(desk, order), await opens(desk, order)];
      const [reader, outside] = [await opens(manager, order), await jelena.connect()];
      expect(await sender.ask('user_presence', { status, workOrderId: order })).toStrictEqual({ ok: true });
      expect(await reader.event('user_presence_update')).toStrictEqual(update(desk, order, status));
      await pulse.reach(sender, tab, outside);
      for (const each of [sender, tab, outside]) expect(told(each)).toEqual([]);
    },
  );

  test.each([
    ['nothing', []],
    ['null', [null]],
    ['a text', ['viewing']],
    ['no order', [{ status: 'viewing' }]],
    ['no status', [{ workOrderId: 1 }]],
    ['a status that there is not', [{ status: 'asleep', workOrderId: 1 }]],
    ['the status "left", which is the server\'s word', [{ status: 'left', workOrderId: 1 }]],
    ['an order that is a text', [{ status: 'viewing', workOrderId: '1' }]],
    ['an order that is no whole number', [{ status: 'viewing', workOrderId: 1.5 }]],
  ])('with %s is invalid_payload', async (_what, args) => {
    const connection = await manager.connect();
    expect(await connection.ask('user_presence', ...args)).toStrictEqual(refusal('invalid_payload'));
  });

  test('for an order that was not joined, was left, or does not exist is not_in_room', async () => {
    const order = await newOrder();
    const connection = await manager.connect();
    const say = (workOrderId: number): Promise<object> =>
      connection.ask('user_presence', { status: 'viewing', workOrderId });
    expect(await say(order)).toStrictEqual(refusal('not_in_room'));
    await connection.ask('join_room', `work_order_${order}`);
    expect(await say(order)).toStrictEqual({ ok: true });
    await connection.ask('leave_room', `work_order_${order}`);
    expect(await say(order)).toStrictEqual(refusal('not_in_room'));
    expect(await say(999_999)).toStrictEqual(refusal('not_in_room'));
  });

  test('without an acknowledgement is refused by event_error {event, code, message}', async () => {
    const connection = await manager.connect();
    connection.tell('user_presence', { status: 'asleep', workOrderId: 1 });
    expect(await connection.event('event_error')).toStrictEqual({
      event: 'user_presence',
      code: 'invalid_payload',
      message: expect.any(String),
      timestamp: time,
    });
  });
});

describe('of several tabs', () => {
  test('the most active presence counts: editing, viewing, idle, away', async () => {
    const order = await newOrder();
    const [one, two] = [await opens(desk, order), await opens(desk, order)];
    const reader = await opens(manager, order);
    const say = (tab: Connection, status: string): Promise<object> =>
      tab.ask('user_presence', { status, workOrderId: order });
    const now = async (): Promise<string | undefined> => {
      await pulse.reach(reader);
      return told(reader).at(-1);
    };
    await say(one, 'away');
    expect(await now()).toBe('away');
    await say(two, 'idle');
    expect(await now()).toBe('idle');
    await say(one, 'viewing');
    expect(await now()).toBe('viewing');
    await say(two, 'editing');
    expect(await now()).toBe('editing');
    await say(one, 'idle');
    expect(await now()).toBe('editing');
    expect(told(reader)).not.toContain('left');
    // The one that edits leaves: what remains is what the other does.
    await two.ask('leave_room', `work_order_${order}`);
    expect(await now()).toBe('idle');
    await one.ask('leave_room', `work_order_${order}`);
    expect(await now()).toBe('left');
    expect(told(reader).filter(status => status === 'left')).toHaveLength(1);
  });

  test('closing one changes nothing while another does as much', async () => {
    const order = await newOrder();
    const tabs = [await opens(tarik, order), await opens(tarik, order), await opens(tarik, order)];
    const reader = await opens(manager, order);
    for (const tab of tabs) await tab.ask('user_presence', { status: 'editing', workOrderId: order });
    tabs[0]!.close();
    // Somebody else who closes after that: when their grace is over, so is the first one's.
    const last = await opens(jelena, order);
    await last.ask('user_presence', { status: 'viewing', workOrderId: order });
    last.close();
    await reader.event('user_presence_update', each => each.userId === jelena.id && each.status === 'left');
    const tariks = reader.all('user_presence_update').filter(each => each.userId === tarik.id);
    expect(new Set(tariks.map(each => each.status))).toEqual(new Set(['editing']));
  });
});

describe('a presence is withdrawn with status "left"', () => {
  test('at once when the socket leaves the room', async () => {
    const order = await newOrder();
    const [sender, reader] = [await opens(desk, order), await opens(manager, order)];
    await sender.ask('user_presence', { status: 'viewing', workOrderId: order });
    await sender.ask('leave_room', `work_order_${order}`);
    const left = await reader.event('user_presence_update', each => each.status === 'left');
    expect(left).toStrictEqual(update(desk, order, 'left'));
  });

  test('5 s after the socket went', async () => {
    const order = await newOrder();
    const [sender, reader] = [await opens(desk, order), await opens(manager, order)];
    await sender.ask('user_presence', { status: 'editing', workOrderId: order });
    const closed = Date.now();
    sender.close();
    const left = await reader.event('user_presence_update', each => each.status === 'left');
    expect(Date.parse(left.timestamp) - closed).toBeGreaterThanOrEqual(4_900);
    expect(told(reader)).toEqual(['editing', 'left']);
  });

  test('when the right is lost', async () => {
    const { id } = await orders.take({ technician: tarik });
    const [sender, reader] = [await opens(tarik, id), await opens(manager, id)];
    await sender.ask('user_presence', { status: 'editing', workOrderId: id });
    await desk.change(id, { technician_id: jelena.id });
    const left = await reader.event('user_presence_update', each => each.status === 'left');
    expect(left).toStrictEqual(update(tarik, id, 'left'));
  });
});

describe("the viewers in join_room's acknowledgement", () => {
  test('are the others in the room with what they do: {userId, userName, status}', async () => {
    const order = await newOrder();
    const editor = await opens(desk, order);
    await editor.ask('user_presence', { status: 'editing', workOrderId: order });
    await opens(jelena, order);
    await opens(manager, order);
    expect(await viewersOf(`work_order_${order}`)).toStrictEqual([
      { userId: jelena.id, userName: jelena.demo.name, status: 'viewing' },
      { userId: desk.id, userName: desk.demo.name, status: 'editing' },
    ]);
  });

  test('are one row per person, however many tabs', async () => {
    const order = await newOrder();
    for (const status of ['idle', 'viewing', 'away']) {
      const tab = await opens(desk, order);
      await tab.ask('user_presence', { status, workOrderId: order });
    }
    const row = { userId: desk.id, userName: desk.demo.name, status: 'viewing' };
    expect(await viewersOf(`work_order_${order}`)).toStrictEqual([row]);
  });

  test('still have one who went less than 5 s ago, also one who never said what they do', async () => {
    const order = await newOrder();
    const [silent, said] = [await opens(desk, order), await opens(jelena, order)];
    await said.ask('user_presence', { status: 'away', workOrderId: order });
    silent.close();
    said.close();
    expect(await viewersOf(`work_order_${order}`)).toStrictEqual([
      { userId: jelena.id, userName: jelena.demo.name, status: 'away' },
      { userId: desk.id, userName: desk.demo.name, status: 'viewing' },
    ]);
  });

  test('are told for the room of a ticket too', async () => {
    const { row } = await takeIn(desk);
    await inRoom(tarik, `ticket_${row.id}`);
    expect(await viewersOf(`ticket_${row.id}`)).toStrictEqual([
      { userId: tarik.id, userName: tarik.demo.name, status: 'viewing' },
    ]);
  });
});

describe('heartbeat', () => {
  test('is acknowledged', async () => {
    const connection = await tarik.connect();
    expect(await connection.ask('heartbeat')).toStrictEqual({ ok: true });
  });

  test('takes no payload', async () => {
    const connection = await tarik.connect();
    expect(await connection.ask('heartbeat', { now: true })).toStrictEqual(refusal('invalid_payload'));
  });
});
