// A working shop in a landscape of tunnels: whoever is cut off again and again, at any moment, ends with every event once.
import { afterAll, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { journalOf, sent } from '../journal.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import { seeded } from '../random.ts';
import { startServer } from '../server.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const people = await Promise.all(staff.map(who => server.as(who)));
const manager = await server.as('manager');
const [pool, his, hers] = await Promise.all([
  orders.take({ technician: null }),
  server.as('tarik').then(async technician => orders.take({ technician })),
  server.as('jelena').then(async technician => orders.take({ technician })),
]);

/** Cuts a connection off again and again, at once or when so many more events have come, until the work is done. */
async function tunnels(connection: Connection, chance: () => number, done: AbortSignal): Promise<number> {
  let recoveries = 0;
  while (!done.aborted) {
    const goal = connection.received.length + Math.floor(chance() * 6);
    while (connection.received.length < goal && !done.aborted) await new Promise(setImmediate);
    await connection.cut();
    await connection.reopened();
    expect(connection.recovered).toBe(true);
    recoveries += 1;
  }
  return recoveries;
}

test.each([1, 2, 3, 4])('way %i', async seed => {
  const chance = seeded(seed);
  const connections = await Promise.all(people.map(person => person.connect({ transports: ['websocket'] })));
  await Promise.all(connections.map(each => each.event('notification_count_updated')));
  const start = await orders.fence(...connections);
  for (const connection of connections) connection.forget();

  const done = new AbortController();
  const riding = connections.map(connection => tunnels(connection, chance, done.signal));
  for (let i = 0; i < 60; i += 1) {
    const { id } = [pool, his, hers][Math.floor(chance() * 3)]!;
    if (chance() < 0.3) {
      const content = `To @Tarik Šehić and @Jelena Đurić, number ${i}`;
      await manager.write('POST', `/api/work-orders/${id}/notes`, { content });
    } else {
      await manager.change(id, { description: `Way ${seed}, number ${i}` });
    }
  }
  done.abort();
  const recoveries = await Promise.all(riding);
  await orders.fence(...connections);
  for (const [i, connection] of connections.entries()) {
    expect(recoveries[i]).toBeGreaterThan(2);
    expect(sent(connection)).toStrictEqual(await journalOf(people[i]!, start));
  }
});
