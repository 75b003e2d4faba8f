// `typing_start` and `typing_stop`: who is told, what, and for how long (contract section 6).
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

const roomOf = async (): Promise<string> => `work_order_${(await orders.take({ technician: null })).id}`;

async function inRoom(person: Person, room: string): Promise<Connection> {
  const connection = await person.connect();
  expect(await connection.ask('join_room', room)).toMatchObject({ ok: true });
  return connection;
}

const typing = (person: Person, roomName: string, more = {}): object => ({
  userId: person.id,
  userName: person.demo.name,
  roomName,
  message: null,
  field: null,
  timestamp: time,
  ...more,
});

describe('typing_start', () => {
  test('reaches the room without the sender: {userId, userName, roomName, message, field, timestamp}', async () => {
    const room = await roomOf();
    const [writer, secondTab] = [await inRoom(desk, room), await inRoom(desk, room)];
    const [reader, outside] = [await inRoom(manager, room), await jelena.connect()];
    const sent = { roomName: room, message: 'The display is', field: 'description' };
    expect(await writer.ask('typing_start', sent)).toStrictEqual({ ok: true });
    const { message, field } = sent;
    expect(await reader.event('user_typing_start')).toStrictEqual(typing(desk, room, { message, field }));
    await pulse.reach(writer, secondTab, outside);
    for (const each of [writer, secondTab, outside]) expect(each.all('user_typing_start')).toEqual([]);
  });

  test('without message and field says null', async () => {
    const room = await roomOf();
    const [writer, reader] = [await inRoom(tarik, room), await inRoom(desk, room)];
    writer.tell('typing_start', { roomName: room });
    expect(await reader.event('user_typing_start')).toStrictEqual(typing(tarik, room));
  });

  test('works in the room of a ticket', async () => {
    const { row } = await takeIn(desk);
    const room = `ticket_${row.id}`;
    const [writer, reader] = [await inRoom(desk, room), await inRoom(tarik, room)];
    await writer.ask('typing_start', { roomName: room });
    expect(await reader.event('user_typing_start')).toStrictEqual(typing(desk, room));
    await writer.ask('typing_stop', { roomName: room });
    expect(await reader.event('user_typing_stop')).toStrictEqual(typing(desk, room));
  });

  test('expires after 6 s without another', async () => {
    const room = await roomOf();
    const [writer, reader] = [await inRoom(desk, room), await inRoom(manager, room)];
    await writer.ask('typing_start', { roomName: room });
    const started = await reader.event('user_typing_start');
    // Said again: the six seconds begin anew.
    await writer.ask('typing_start', { roomName: room });
    const again = await reader.event('user_typing_start', each => each !== started);
    const stopped = await reader.event('user_typing_stop');
    expect(stopped).toStrictEqual(typing(desk, room));
    const lasted = Date.parse(stopped.timestamp) - Date.parse(again.timestamp);
    expect(lasted).toBeGreaterThanOrEqual(6_000);
    expect(lasted).toBeLessThan(7_500);
    expect(reader.all('user_typing_stop')).toHaveLength(1);
  });

  test.each([[200], [201]])('takes a message of at most 200 characters: %i', async length => {
    const room = await roomOf();
    const [writer, reader] = [await inRoom(desk, room), await inRoom(manager, room)];
    const message = 'č'.repeat(length);
    const ack = await writer.ask('typing_start', { roomName: room, message });
    expect(ack).toStrictEqual(length > 200 ? refusal('invalid_payload') : { ok: true });
    await pulse.reach(writer, reader);
    expect(reader.all('user_typing_start').map(each => each.message)).toEqual(length > 200 ? [] : [message]);
  });
});

describe('typing_stop', () => {
  test('reaches the room without the sender, once', async () => {
    const room = await roomOf();
    const [writer, reader] = [await inRoom(desk, room), await inRoom(manager, room)];
    await writer.ask('typing_start', { roomName: room });
    expect(await writer.ask('typing_stop', { roomName: room })).toStrictEqual({ ok: true });
    expect(await writer.ask('typing_stop', { roomName: room })).toStrictEqual({ ok: true });
    await pulse.reach(writer, reader);
    expect(reader.all('user_typing_stop')).toStrictEqual([typing(desk, room)]);
    expect(writer.all('user_typing_stop')).toEqual([]);
  });

  test('follows by itself when the typist leaves the room or goes', async () => {
    const room = await roomOf();
    const reader = await inRoom(manager, room);
    const leaver = await inRoom(desk, room);
    await leaver.ask('typing_start', { roomName: room });
    await leaver.ask('leave_room', room);
    expect(await reader.event('user_typing_stop')).toStrictEqual(typing(desk, room));
    const goer = await inRoom(tarik, room);
    await goer.ask('typing_start', { roomName: room });
    goer.close();
    expect(await reader.event('user_typing_stop', each => each.userId === tarik.id)).toStrictEqual(
      typing(tarik, room),
    );
  });
});

describe.each(['typing_start', 'typing_stop'])('%s', name => {
  test.each([
    ['an order that was not joined', 'work_order_1'],
    ['a ticket that was not joined', 'ticket_1'],
    ['a room that does not exist', 'work_order_999999'],
    ['a name that is none', 'kitchen'],
    ['an automatic room', 'admin_room'],
    ['the own room', `user_${manager.id}`],
  ])('in %s is not_in_room', async (_what, roomName) => {
    const connection = await manager.connect();
    expect(await connection.ask(name, { roomName })).toStrictEqual(refusal('not_in_room'));
  });

  test('in a room that was left is not_in_room', async () => {
    const room = await roomOf();
    const connection = await inRoom(manager, room);
    await connection.ask('leave_room', room);
    expect(await connection.ask(name, { roomName: room })).toStrictEqual(refusal('not_in_room'));
  });

  test.each([
    ['nothing', []],
    ['the bare name', ['work_order_1']],
    ['null', [null]],
    ['a list', [['work_order_1']]],
    ['no room', [{}]],
    ['a room that is a number', [{ roomName: 1 }]],
    ['two payloads', [{ roomName: 'work_order_1' }, 1]],
  ])('with %s is invalid_payload', async (_what, args) => {
    const connection = await manager.connect();
    expect(await connection.ask(name, ...args)).toStrictEqual(refusal('invalid_payload'));
  });

  test('without an acknowledgement is refused by event_error {event, code, message}', async () => {
    const connection = await manager.connect();
    connection.tell(name, { roomName: 'work_order_1' });
    expect(await connection.event('event_error')).toStrictEqual({
      event: name,
      code: 'not_in_room',
      message: expect.any(String),
      timestamp: time,
    });
  });
});

test('one who lost sight of the order is told no more of who types', async () => {
  const order = await orders.take({ technician: tarik });
  const room = `work_order_${order.id}`;
  const [loser, writer, reader] = [
    await inRoom(tarik, room),
    await inRoom(desk, room),
    await inRoom(manager, room),
  ];
  await desk.change(order.id, { technician_id: jelena.id });
  await loser.event('work_order_removed', event => event.workOrderId === order.id);
  // The room is closed to him with the batch that told him so; the next one is behind it.
  await orders.fence(loser, writer, reader);
  await writer.ask('typing_start', { roomName: room });
  await reader.event('user_typing_start');
  await pulse.reach(loser);
  expect(loser.all('user_typing_start')).toEqual([]);
  expect(await loser.ask('typing_start', { roomName: room })).toStrictEqual(refusal('not_in_room'));
});
