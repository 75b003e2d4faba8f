// Many orders that one bulk change rewrites at once: the quickest way to a long journal.
import type { Person } from './person.ts';
import type { Server } from './server.ts';
import type { WorkOrder } from './wire.ts';

export class ManyOrders {
  readonly #by: Person;
  readonly ids: readonly number[];
  #changes = 0;

  private constructor(by: Person, ids: readonly number[]) {
    this.#by = by;
    this.ids = ids;
  }

  /** Opens that many orders, for this technician or for the pool. The manager does it, and all that follows. */
  static async open(server: Server, count: number, technician: Person | null = null): Promise<ManyOrders> {
    const by = await server.as('manager');
    const [customer] = await by.customers();
    const order = {
      customer_id: customer!.id,
      device: 'One of many',
      description: 'Not changed yet',
      technician_id: technician?.id ?? null,
    };
    // At once, so that they share their flushes to disk.
    const opened = await Promise.all(
      Array.from({ length: count }, () => by.write<WorkOrder>('POST', '/api/work-orders', order)),
    );
    return new ManyOrders(
      by,
      opened.map(({ row }) => row.id),
    );
  }

  /** Changes them all: one row each, consecutive. Resolves with the numbers of the first and the last row about them. */
  async change(padding = ''): Promise<{ readonly first: number; readonly last: number }> {
    this.#changes += 1;
    const { seq } = await this.#by.write('PATCH', '/api/work-orders/bulk', {
      ids: this.ids,
      changes: { description: `Change ${this.#changes} of many${padding}` },
    });
    return { first: seq - this.ids.length + 1, last: seq };
  }
}

/** The whole numbers from one to another. */
export function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
