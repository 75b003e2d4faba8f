// One reader while the shop changes as fast as it can: nothing is lost, doubled or out of order (contract section 6, Delivery).
import { afterAll, expect, test } from 'vitest';
import { ManyOrders, span } from '../manyOrders.ts';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';

const server = await startServer();
afterAll(() => server.discard());

test('10,000 durable events reach a reading client in order and complete', { timeout: 120_000 }, async () => {
  const orders = await Orders.of(server);
  const many = await ManyOrders.open(server, 200);
  const reader = await (await server.as('desk')).connect();
  const start = await orders.fence(reader);
  reader.forget();
  // All at once: the writer never waits for the next.
  const changes = await Promise.all(Array.from({ length: 50 }, () => many.change()));
  const last = Math.max(...changes.map(change => change.last));
  expect(last - start).toBe(10_000);
  await reader.event('work_order_updated', event => event.seq === last);
  expect(reader.seqs()).toEqual(span(start + 1, last));
  expect(reader.all('resync_required')).toEqual([]);
  expect(reader.socket.connected).toBe(true);
});
