// "Official clients in any language work with nothing but a URL and a token" (contract section 6): the oldest and the newest
// socket.io-client 4, one between them, and python-socketio 5.
import { afterAll, describe, expect, test } from 'vitest';
import { clients } from '../clients.ts';
import { Orders } from '../orders.ts';
import { findPython, PythonConnection } from '../pythonConnection.ts';
import type { Json } from '../rest.ts';
import { startServer } from '../server.ts';
import { refusal, time, workOrderInEvent, workOrderUpdated } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');

const change = { status: 'diagnosing' };
/** What `change` by the desk is told as, of this order. */
const changed = (id: number, seq: number): object => ({
  ...workOrderUpdated,
  workOrderId: id,
  action: 'status_changed',
  workOrder: { ...workOrderInEvent, id, status: 'diagnosing' },
  data: { oldStatus: 'intake', newStatus: 'diagnosing', updatedBy: desk.id, overrideReason: null },
  seq,
});

const ways = [
  { name: 'polling', transports: ['polling'], ends: 'polling' },
  { name: 'websocket', transports: ['websocket'], ends: 'websocket' },
  { name: 'an upgrade', transports: ['polling', 'websocket'], ends: 'websocket' },
];

describe.each(Object.entries(clients))('socket.io-client %s', (version, client) => {
  test.each(ways)('connects, joins, is sent a change and asks on: $name', async ({ transports, ends }) => {
    const order = await orders.take({ status: 'intake' });
    const connection = await manager.connect({ transports }, client);
    if (ends === 'websocket') await connection.upgraded();
    expect(connection.transport).toBe(ends);
    const room = `work_order_${order.id}`;
    expect(await connection.ask('join_room', room)).toStrictEqual({
      ok: true,
      room,
      seq: expect.any(Number),
      viewers: expect.any(Array),
    });
    const { seq } = await desk.change(order.id, change);
    const event = await connection.event('work_order_updated', each => each.seq === seq);
    expect(event).toStrictEqual(changed(order.id, seq));
    expect(await connection.event('presence_snapshot')).toStrictEqual({
      users: expect.any(Array),
      timestamp: time,
    });
    expect(await connection.ask('join_room', 'admin_room')).toStrictEqual(refusal('forbidden'));
    connection.tell('join_room', 'kitchen');
    expect(await connection.event('event_error')).toMatchObject({ event: 'join_room', code: 'bad_room' });
    expect(await connection.ask('leave_room', room)).toMatchObject({ ok: true });
  });

  test.each(ways)('is refused by connect_error with message and data.code: $name', async ({ transports }) => {
    const connection = manager.prepare({ transports, auth: { token: 'abc' } }, client);
    const { message, data } = await connection.refused();
    expect(message).toBe('Invalid authentication token');
    expect(data).toStrictEqual({ code: 'invalid_token' });
    expect(await manager.prepare({ transports, auth: {} }, client).refused()).toMatchObject({
      message: 'Authentication token required',
      data: { code: 'authentication_required' },
    });
  });

  test.each(ways)('comes back by itself when the transport is lost: $name', async ({ transports }) => {
    const order = await orders.take({ status: 'intake' });
    const connection = await manager.connect({ transports }, client);
    // From here it can recover: it has an offset.
    await connection.event('notification_count_updated');
    const [lost, id] = [connection.closed(), connection.socket.id];
    // What a tunnel does: no packet says goodbye.
    (connection.socket.io.engine.transport as unknown as { onClose(): void }).onClose();
    await lost;
    await connection.reopened();
    // Clients before 4.6 know nothing of recovery: they get a session of their own.
    if (version === '4.0.2') expect(connection.socket.id).not.toBe(id);
    else expect([connection.recovered, connection.socket.id]).toEqual([true, id]);
    const { seq } = await desk.change(order.id, change);
    await connection.event('work_order_updated', each => each.seq === seq);
  });

  test.each(ways)('hears of its logout and stays away: $name', async ({ transports, ends }) => {
    const leaver = await server.signInAgain('desk');
    const connection = await leaver.connect({ transports }, client);
    if (ends === 'websocket') await connection.upgraded();
    const closed = connection.closed();
    await leaver.call('POST', '/api/auth/logout');
    expect(await closed).toBe('io server disconnect');
    expect(connection.socket.active ?? connection.socket.connected).toBe(false);
  });
});

const python = findPython();
const why = 'missing' in python ? ` (skipped: ${python.missing})` : '';

describe.skipIf('missing' in python)(`python-socketio 5${why}`, () => {
  const connect = (auth: Json, transport: string): PythonConnection => {
    if ('missing' in python) throw new Error(python.missing);
    return new PythonConnection(python.path, server.url, auth, transport);
  };

  test.each(['polling', 'websocket'])(
    'connects, joins, is sent a change and asks on: %s',
    async transport => {
      const order = await orders.take({ status: 'intake' });
      const connection = connect({ token: tarik.accessToken, recovery: false }, transport);
      await connection.opened();
      await orders.bring(order.id, { technician: tarik, status: 'intake' });
      const room = `work_order_${order.id}`;
      expect(await connection.ask('join_room', room)).toStrictEqual({
        ok: true,
        room,
        seq: expect.any(Number),
        viewers: expect.any(Array),
      });
      const { seq } = await desk.change(order.id, change);
      // One argument to a handler: a Python function takes exactly as many as it names.
      const args = await connection.event('work_order_updated', each => each['seq'] === seq);
      expect(args).toStrictEqual([changed(order.id, seq)]);
      expect(args[0]).toMatchObject({ workOrder: { customer_phone: null, customer_email: null } });
      expect(await connection.ask('join_room', 'admin_room')).toStrictEqual(refusal('forbidden'));
      connection.tell('typing_start', { roomName: 'work_order_999999' });
      const [error] = await connection.event('event_error');
      expect(error).toMatchObject({ event: 'typing_start', code: 'not_in_room' });
      expect(await connection.ask('leave_room', room)).toMatchObject({ ok: true });
      await connection.close();
      for (const line of connection.lines.filter(each => 'event' in each))
        expect(line['args']).toHaveLength(1);
    },
  );

  test.each(['polling', 'websocket'])(
    'has the offset behind each event when it does not ask for anything else: %s',
    async transport => {
      const order = await orders.take({ status: 'intake' });
      const connection = connect({ token: desk.accessToken }, transport);
      await connection.event('presence_snapshot');
      const { seq } = await desk.change(order.id, change);
      const args = await connection.event('work_order_updated', each => each['seq'] === seq);
      expect(args).toStrictEqual([changed(order.id, seq), expect.stringMatching(new RegExp(`^.+-${seq}$`))]);
      await connection.close();
    },
  );

  test.each(['polling', 'websocket'])('is refused with message and data.code: %s', async transport => {
    const { refused } = await connect({ token: 'abc' }, transport).line(line => 'refused' in line);
    expect(refused).toStrictEqual({
      message: 'Invalid authentication token',
      data: { code: 'invalid_token' },
    });
  });

  test.each(['polling', 'websocket'])('hears of its logout: %s', async transport => {
    const leaver = await server.signInAgain('desk');
    const connection = connect({ token: leaver.accessToken }, transport);
    await connection.opened();
    await leaver.call('POST', '/api/auth/logout');
    expect(await connection.line(line => 'disconnected' in line)).toStrictEqual({
      disconnected: 'server disconnect',
    });
  });
});
