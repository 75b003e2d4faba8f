// "SIGTERM drains: … transports are closed … without a Socket.IO DISCONNECT packet so that stock clients come back by
// themselves, running requests finish, exit 0" (contract section 9).
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { type Server, startServer } from '../server.ts';

let server: Server;
beforeEach(async () => {
  server = await startServer({ settings: { SHOPBELL__SERVER__DRAIN_S: '1' } });
});
afterEach(() => server.discard());

const transports = [['polling', 'websocket'], ['websocket'], ['polling']];

test('stock clients see transport close, and exit is 0', async () => {
  const manager = await server.as('manager');
  const connections = await Promise.all(
    transports.map(each => manager.connect({ transports: each, reconnection: false })),
  );
  await connections[0]!.upgraded();
  const reasons = Promise.all(connections.map(each => each.closed()));
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  const [upgraded, websocket, polling] = await reasons;
  expect([upgraded, websocket]).toEqual(['transport close', 'transport close']);
  // One that polls is told so by its open request; between two requests it finds nobody there.
  expect(polling).toBeOneOf(['transport close', 'transport error']);
});

test('they come back by themselves when it is started again, and are sent what happens then', async () => {
  const orders = await Orders.of(server);
  const order = await orders.take();
  const manager = await server.as('manager');
  const connections = await Promise.all(transports.map(each => manager.connect({ transports: each })));
  const closed = Promise.all(connections.map(each => each.closed()));
  await server.end('SIGTERM');
  await closed;
  await server.start();
  await Promise.all(connections.map(each => each.reopened()));
  const desk = await server.as('desk');
  const { seq } = await desk.change(order.id, { description: 'After the restart' });
  await Promise.all(connections.map(each => each.event('work_order_updated', event => event.seq === seq)));
});

test('running requests finish: what was answered 2xx is there', async () => {
  const orders = await Orders.of(server);
  const desk = await server.as('desk');
  const taken = await Promise.all(Array.from({ length: 8 }, () => orders.take()));
  const requests = taken.map(order => desk.patchOrder(order.id, { description: 'Written while it drains' }));
  const ended = server.end('SIGTERM');
  const answers = await Promise.allSettled(requests);
  expect(await ended).toEqual({ code: 0, signal: null });
  await server.start();
  for (const [i, answer] of answers.entries()) {
    // Not let in any more is as good: it was promised nothing.
    if (answer.status === 'rejected') continue;
    expect(answer.value.status).toBeOneOf([200, 503]);
    const now = await desk.order(taken[i]!.id);
    if (answer.value.status === 200) expect(now.description).toBe('Written while it drains');
  }
});

test('a token outlives a restart on the same data, and so does everything else', async () => {
  const manager = await server.as('manager');
  const before = await manager.orders();
  await server.end('SIGTERM');
  await server.start();
  expect((await manager.get('/api/auth/me')).status).toBe(200);
  expect(await manager.orders()).toEqual(before);
});
