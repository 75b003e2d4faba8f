// "kill -9 right after a 2xx, restart: the change, its journal row and its notifications are there, numbered without
// a hole."
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import type { Person } from '../person.ts';
import { startServer } from '../server.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const people = await Promise.all(staff.map(who => server.as(who)));
const [admin, manager, tarik, jelena, desk] = people as [Person, Person, Person, Person, Person];

interface Promised {
  readonly id: number;
  readonly description: string;
  readonly technician: number;
  readonly seq: number;
  readonly version: number;
}

/** Writes to one order as fast as it is answered, until the program is gone; keeps what was promised by a 2xx. */
async function write(id: number, by: Person, promised: (change: Promised) => void): Promise<void> {
  for (let round = 0; server.isRunning; round += 1) {
    const technician = (round % 2 === 0 ? tarik : jelena).id;
    const description = `Round ${round} of ${by.demo.name}`;
    try {
      // One after the other: each builds on the one before.
      const { order, seq } = await by.change(id, { description, technician_id: technician });
      promised({ id, description, technician, seq, version: order.version });
    } catch (error) {
      // The connection broke off: this change was promised nothing. A refusal would be a fault.
      if (!(error instanceof TypeError)) throw error;
      return;
    }
  }
}

const seqsOf = (connections: readonly Connection[]): number[] => {
  const seqs = connections.flatMap(connection =>
    connection.received.flatMap(event =>
      typeof event.payload['seq'] === 'number' ? [event.payload['seq']] : [],
    ),
  );
  return [...new Set(seqs)].toSorted((a, b) => a - b);
};

/** Fresh connections of the whole staff, with the greetings behind them. */
async function everybody(): Promise<Connection[]> {
  const connections = await Promise.all(people.map(person => person.connect({ reconnection: false })));
  await orders.fence(...connections);
  for (const connection of connections) connection.forget();
  return connections;
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The views of all people of a shop together have no holes: every number after `from` came to somebody. */
async function expectNoHoleAfter(from: number, connections: readonly Connection[]): Promise<void> {
  const to = await orders.fence(...connections);
  expect(seqsOf(connections).filter(seq => seq > from && seq <= to)).toEqual(span(from + 1, to));
}

describe.each([3, 8, 15, 26, 40])('killed right after the answer number %i', { timeout: 90_000 }, answers => {
  test('everything that was answered 2xx is there, and the numbers go on without a hole', async () => {
    const written = [await orders.take({ status: 'pending' }), await orders.take({ status: 'pending' })];
    const before = await everybody();
    const start = (await admin.get('/api/work-orders?limit=1')).seq;

    const promised: Promised[] = [];
    const promise = (change: Promised): void => {
      promised.push(change);
      if (promised.length === answers) server.signal('SIGKILL');
    };
    await Promise.all([
      write(written[0]!.id, desk, promise),
      write(written[0]!.id, manager, promise),
      write(written[1]!.id, admin, promise),
    ]);
    expect(await server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await server.start();

    const { seq: head } = await admin.get('/api/work-orders?limit=1');
    // Nothing was delivered before its commit, and what was promised is counted.
    for (const connection of before) {
      const seqs = seqsOf([connection]);
      expect(Math.max(start, ...seqs)).toBeLessThanOrEqual(head);
      expect(seqs).toHaveLength(connection.received.length);
    }
    for (const { seq } of promised) expect(seq).toBeLessThanOrEqual(head);
    expect(new Set(promised.map(change => change.seq)).size).toBe(promised.length);

    for (const { id } of written) {
      const last = promised.filter(change => change.id === id).toSorted((a, b) => b.seq - a.seq)[0];
      if (last === undefined) continue;
      const now = await admin.order(id);
      // A change that was on its way at the kill may have been written after the last that was promised.
      expect(now.version).toBeGreaterThanOrEqual(last.version);
      if (now.version === last.version) {
        expect(now).toMatchObject({ description: last.description, technician_id: last.technician });
      }
      const told = await Promise.all([tarik, jelena].map(person => person.notifications()));
      const technician = last.technician === tarik.id ? told[0] : told[1];
      expect(technician?.map(row => row.related_entity_id)).toContain(id);
    }
    for (const person of people) {
      expect(await person.unread()).toBe((await person.notifications('&unread=true')).length);
    }

    const after = await Promise.all(people.map(person => person.connect()));
    const next = await desk.change(written[0]!.id, { description: 'After the restart', technician_id: null });
    expect(next.seq).toBeGreaterThan(head);
    await desk.change(written[0]!.id, { technician_id: jelena.id });
    await expectNoHoleAfter(head, after);
    for (const connection of after) connection.close();
  });
});
