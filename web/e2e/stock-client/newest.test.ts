// Readers that stop are told only the newest of what is true for a moment (contract section 7, outbound queue).
import { afterAll, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import { startServer } from '../server.ts';

// Room for all that the test has wait besides, so that it is the key which decides what is kept.
const server = await startServer({
  settings: {
    SHOPBELL__LIMITS__QUEUE_PACKETS: '4096',
    SHOPBELL__LIMITS__QUEUE_BYTES: String(64 << 20),
    SHOPBELL__LIMITS__QUEUE_STALL_S: '60',
  },
});
afterAll(() => server.discard());

interface Told {
  readonly userId: number;
  readonly roomName?: string;
  readonly message?: string | null;
  readonly status?: string;
}

test('who stops reading hears on waking the newest typing and presence of each person and room', async () => {
  const orders = await Orders.of(server);
  const [admin, manager, desk] = await Promise.all([
    server.as('admin'),
    server.as('manager'),
    server.as('desk'),
  ]);
  const [one, other] = [await orders.take({ technician: null }), await orders.take({ technician: null })];
  const rooms = [one, other].map(order => `work_order_${order.id}`);
  const sleeper = await RawWebSocket.open(server, manager.accessToken);
  const [writer, witness] = [await desk.connect(), await admin.connect()];
  for (const [number, room] of rooms.entries()) {
    sleeper.send({ payload: `42${number}["join_room","${room}"]` });
    await sleeper.text(text => text.startsWith(`43${number}[`));
    for (const each of [writer, witness]) expect(await each.ask('join_room', room)).toMatchObject({ ok: true });
  }

  // Far more than two kernels hold for a socket, and half of what may wait for it: none of it is dropped.
  sleeper.pause();
  const fillers = 400;
  const data = { filler: 'x'.repeat(60_000) };
  for (let i = 0; i < fillers; i += 1) {
    await admin.write('POST', `/api/websocket/emit/${manager.id}`, { event: 'filler', data });
  }
  for (let i = 1; i <= 20; i += 1) {
    for (const roomName of rooms) await writer.ask('typing_start', { roomName, message: `So far ${i}` });
    for (const status of ['viewing', 'editing']) {
      await writer.ask('user_presence', { status, workOrderId: one.id });
    }
  }
  await writer.ask('typing_stop', { roomName: rooms[1] });
  await writer.ask('user_presence', { status: 'idle', workOrderId: one.id });
  await witness.event('user_presence_update', update => update.status === 'idle');
  expect(witness.all('user_typing_start')).toHaveLength(40);
  sleeper.resume();
  await sleeper.seq(await orders.fence(witness));

  const heard = (name: string): Told[] =>
    sleeper.events
      .filter(([event, told]) => event === name && (told as Told).userId === desk.id)
      .map(([, told]) => told as Told);
  expect(heard('user_typing_start')).toMatchObject([{ roomName: rooms[0], message: 'So far 20' }]);
  expect(heard('user_typing_stop')).toMatchObject([{ roomName: rooms[1] }]);
  expect(heard('user_presence_update')).toMatchObject([{ status: 'idle' }]);
  expect(sleeper.events.filter(([event]) => event === 'filler')).toHaveLength(fillers);
  sleeper.destroy();
});
