// Connection state recovery with the unmodified client: whoever was away is `recovered`, and has exactly what they missed.
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { ManyOrders, span } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { Pulse } from '../pulse.ts';
import { startServer } from '../server.ts';
import { removedOrder, removedTicket } from '../shapes.ts';
import { convert, patchTicket, takeIn } from '../tickets.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

const webSocket = { transports: ['websocket'] };

const order = await orders.take({ technician: null });

/** Changes an order that everyone sees; resolves with the event's number. */
const changed = async (description: string): Promise<number> =>
  (await manager.change(order.id, { description })).seq;

/** The numbers of the order events that came, in the order in which they came. */
const updates = (connection: Connection): number[] =>
  connection.all('work_order_updated').map(event => event.seq);

describe('a client that comes back', () => {
  test('is recovered after a cut before any event', async () => {
    const connection = await desk.connect(webSocket);
    const { id } = connection.socket;
    await connection.event('notification_count_updated');
    let missed = 0;
    await connection.away(async () => {
      missed = await changed('While the line was cut');
    });
    expect(connection.recovered).toBe(true);
    expect(connection.socket.id).toBe(id);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(updates(connection)).toEqual([missed]);
  });

  test('is recovered the third time in a row too, with nothing lost and nothing twice', async () => {
    const connection = await desk.connect(webSocket);
    await connection.event('notification_count_updated');
    const expected: number[] = [];
    for (const round of ['first', 'second', 'third']) {
      await connection.away(async () => {
        expected.push(await changed(`In the ${round} tunnel`), await changed(`Still in the ${round} tunnel`));
      });
      expect(connection.recovered).toBe(true);
      expected.push(await changed(`After the ${round} tunnel`));
      await connection.event('work_order_updated', event => event.seq === expected.at(-1));
    }
    expect(updates(connection)).toEqual(expected);
  });

  test('is recovered three times in a row when nothing happened at all', async () => {
    const connection = await desk.connect(webSocket);
    const { id } = connection.socket;
    await connection.event('notification_count_updated');
    for (let round = 0; round < 3; round += 1) {
      await connection.away(async () => {});
      expect(connection.recovered).toBe(true);
      expect(connection.socket.id).toBe(id);
    }
    expect(connection.all('notification_count_updated')).toHaveLength(1);
    const seq = await changed('After a quiet time');
    await connection.event('work_order_updated', event => event.seq === seq);
    expect(updates(connection)).toEqual([seq]);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'is recovered after %s and a restart, in its room',
    async signal => {
      const connection = await desk.connect(webSocket);
      await connection.ask('join_room', `work_order_${order.id}`);
      const before = await changed(`Before ${signal}`);
      await connection.event('work_order_updated', event => event.seq === before);
      const closed = connection.closed();
      connection.socket.io.reconnection(false);
      await server.end(signal);
      await closed;
      await server.start();
      const missed = await changed(`After ${signal}`);
      await connection.comeBack();
      expect(connection.recovered).toBe(true);
      await connection.event('work_order_updated', event => event.seq === missed);
      expect(updates(connection)).toEqual([before, missed]);
      const typist = await manager.connect();
      await typist.ask('join_room', `work_order_${order.id}`);
      typist.tell('typing_start', { roomName: `work_order_${order.id}` });
      await connection.event('user_typing_start');
    },
  );

  test('is recovered over polling too, by itself and before the server knows that it was gone', async () => {
    const connection = await desk.connect({ transports: ['polling'] });
    const { id } = connection.socket;
    await connection.event('notification_count_updated');
    const before = await changed('Before the tunnel');
    await connection.event('work_order_updated', event => event.seq === before);
    const lost = connection.closed();
    (connection.socket.io.engine.transport as unknown as { onClose(): void }).onClose();
    await lost;
    const missed = await changed('In the tunnel');
    await connection.reopened();
    expect(connection.recovered).toBe(true);
    expect(connection.socket.id).toBe(id);
    await connection.event('work_order_updated', event => event.seq === missed);
    expect(updates(connection)).toEqual([before, missed]);
  });

  test('has the notifications that it missed, and the count that equals the unread rows', async () => {
    const connection = await jelena.connect(webSocket);
    const mine = await orders.take({ technician: null });
    await orders.fence(connection);
    connection.forget();
    await connection.away(async () => {
      await manager.change(mine.id, { technician_id: jelena.id });
    });
    expect(connection.recovered).toBe(true);
    await orders.fence(connection);
    expect(
      connection.all('notification_received').map(event => event.notification.related_entity_id),
    ).toEqual([mine.id]);
    const told = connection.all('notification_count_updated').at(-1);
    expect(told?.unreadCount).toBe(await jelena.unread());
  });
});

describe('a long replay', () => {
  test('of 300 rows, cut in its middle, loses nothing and does nothing twice in the handlers', async () => {
    const many = await ManyOrders.open(server, 150);
    const connection = await manager.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    const ranges: { first: number; last: number }[] = [];
    let cut: Promise<void> | undefined;
    connection.socket.on('work_order_updated', () => {
      if (updates(connection).length === 100) cut = connection.cut();
    });
    await connection.away(async () => {
      ranges.push(await many.change(), await many.change());
    });
    expect(connection.recovered).toBe(true);
    await connection.event('work_order_updated', () => cut !== undefined);
    await cut;
    await connection.reopened();
    expect(connection.recovered).toBe(true);
    const fence = await orders.fence(connection);
    expect(updates(connection)).toEqual([...ranges.flatMap(({ first, last }) => span(first, last)), fence]);
  });

  test('goes on with what happens while it is sent, in the order of the numbers', async () => {
    const many = await ManyOrders.open(server, 150);
    const connection = await desk.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    let first = 0;
    await connection.away(async () => {
      ({ first } = await many.change());
      await many.change();
    });
    const during = await Promise.all(Array.from({ length: 20 }, (_, i) => changed(`During ${i}`)));
    const fence = await orders.fence(connection);
    const seqs = updates(connection);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(seqs[0]).toBe(first);
    expect(seqs).toEqual(expect.arrayContaining(during));
    expect(seqs).toHaveLength(300 + during.length + 1);
    expect(seqs.at(-1)).toBe(fence);
  });
});

describe('presence', () => {
  test('is kept by one who is recovered: nobody sees them leave the order that they edit', async () => {
    const room = `work_order_${order.id}`;
    const [connection, watcher] = [await desk.connect(webSocket), await manager.connect()];
    await watcher.ask('join_room', room);
    await connection.ask('join_room', room);
    await connection.ask('user_presence', { status: 'editing', workOrderId: order.id });
    await watcher.event('user_presence_update', event => event.status === 'editing');
    watcher.forget();
    await connection.away(async () => {});
    expect(connection.recovered).toBe(true);
    await pulse.reach(watcher);
    const updatesOfHers = watcher.all('user_presence_update').filter(event => event.userId === desk.id);
    expect(updatesOfHers.map(event => event.status)).not.toContain('left');
    const { viewers } = (await watcher.ask('join_room', room)) as { viewers: object[] };
    expect(viewers).toContainEqual({ userId: desk.id, userName: 'Dana Horvat', status: 'editing' });
  });
});

describe('the rights of now apply at the return', () => {
  test('a room that may still be joined is recovered: typing reaches it', async () => {
    const room = `work_order_${order.id}`;
    const [connection, typist] = [await desk.connect(webSocket), await manager.connect(webSocket)];
    await connection.ask('join_room', room);
    await typist.ask('join_room', room);
    await connection.away(async () => {});
    typist.tell('typing_start', { roomName: room, message: 'Is she back?' });
    expect(await connection.event('user_typing_start')).toMatchObject({ roomName: room });
    // It is in that room for the server as for the client.
    expect(await connection.ask('typing_start', { roomName: room })).toMatchObject({ ok: true });
    expect(connection.all('room_left')).toEqual([]);
  });

  test('a room that was left before is not recovered', async () => {
    const room = `work_order_${order.id}`;
    const connection = await desk.connect(webSocket);
    await connection.ask('join_room', room);
    await connection.ask('leave_room', room);
    await connection.away(async () => {});
    expect(connection.recovered).toBe(true);
    expect(await connection.ask('typing_start', { roomName: room })).toMatchObject({ code: 'not_in_room' });
  });

  test('a room whose order was lost is not: `room_left`, and no typing', async () => {
    const lost = await orders.take({ technician: tarik });
    const room = `work_order_${lost.id}`;
    const [connection, typist] = [await tarik.connect(webSocket), await manager.connect(webSocket)];
    await connection.ask('join_room', room);
    await typist.ask('join_room', room);
    await connection.away(async () => {
      await manager.change(lost.id, { technician_id: jelena.id });
    });
    expect(connection.recovered).toBe(true);
    expect(await connection.event('room_left')).toMatchObject({ roomName: room, reason: 'access_revoked' });
    await typist.ask('typing_start', { roomName: room });
    await pulse.reach(connection);
    expect(connection.all('user_typing_start')).toEqual([]);
    expect(connection.all('room_left')).toHaveLength(1);
    expect(await connection.ask('typing_start', { roomName: room })).toMatchObject({ code: 'not_in_room' });
    // Nor does the next recovery tell it again, or put them back when they see the order again.
    connection.forget();
    await connection.away(async () => {
      await manager.change(lost.id, { technician_id: tarik.id });
    });
    expect(connection.recovered).toBe(true);
    await pulse.reach(connection);
    expect(connection.all('room_left')).toEqual([]);
    expect(await connection.ask('typing_start', { roomName: room })).toMatchObject({ code: 'not_in_room' });
  });

  test('of an order that was reassigned meanwhile comes `work_order_removed` and nothing that shows it', async () => {
    const lost = await orders.take({ technician: tarik });
    const connection = await tarik.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    await connection.away(async () => {
      await manager.change(lost.id, { description: 'Told while it was his: s3cret' });
      await manager.change(lost.id, { technician_id: jelena.id });
      await manager.change(lost.id, { description: 'Told when it was hers: s3cret' });
      await manager.write('POST', `/api/work-orders/${lost.id}/notes`, { content: 'A note: s3cret' });
    });
    expect(connection.recovered).toBe(true);
    await orders.fence(connection);
    expect(connection.all('work_order_removed')).toStrictEqual([removedOrder(lost.id)]);
    expect(
      connection.all('work_order_assignment_update').map(event => [event.action, event.workOrder]),
    ).toEqual([['unassigned', { id: lost.id, number: lost.number }]]);
    const shown = connection.all('work_order_updated').filter(event => event.workOrderId === lost.id);
    expect(shown).toEqual([]);
    expect(JSON.stringify(connection.received)).not.toContain('s3cret');
    const seqs = connection.seqs();
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test('an order that was won meanwhile is shown as it is for its new technician', async () => {
    const won = await orders.take({ technician: jelena });
    const connection = await tarik.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    let assigned = 0;
    await connection.away(async () => {
      assigned = (await manager.change(won.id, { technician_id: tarik.id })).seq;
    });
    await orders.fence(connection);
    const shown = connection.all('work_order_updated').filter(event => event.workOrderId === won.id);
    expect(shown.map(event => event.action)).toEqual(['assigned']);
    expect(assigned).toBeGreaterThanOrEqual(shown[0]!.seq);
    expect(shown[0]!.workOrder).toMatchObject({ cost_total: null, customer_phone: null });
    const [told] = connection.all('work_order_assignment_update');
    expect(told).toMatchObject({ action: 'assigned', workOrderId: won.id });
  });

  test('of a ticket that became somebody else’s order comes `repair_ticket_removed`, and its room is lost', async () => {
    const { row: ticket } = await takeIn(desk, { notes: 'In intake' });
    const connection = await tarik.connect(webSocket);
    expect(await connection.ask('join_room', `ticket_${ticket.id}`)).toMatchObject({ ok: true });
    await orders.fence(connection);
    connection.forget();
    await connection.away(async () => {
      await patchTicket(desk, ticket, { notes: 'Still in intake: s3cret' });
      const { row: made } = await convert(jelena, ticket);
      await manager.change(made.id, { description: 'Hers: s3cret' });
      await patchTicket(desk, ticket, { notes: 'Hers by now: s3cret' });
    });
    expect(connection.recovered).toBe(true);
    await orders.fence(connection);
    expect(connection.all('repair_ticket_removed')).toStrictEqual([removedTicket(ticket.id)]);
    expect(connection.all('repair_ticket_updated')).toEqual([]);
    expect(JSON.stringify(connection.received)).not.toContain('s3cret');
    expect(await connection.event('room_left')).toMatchObject({ roomName: `ticket_${ticket.id}` });
  });
});
