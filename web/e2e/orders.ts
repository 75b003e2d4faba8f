// Hands out demo orders, so that two tests of one file never change the same one, and proves silence.
import type { Connection } from './connection.ts';
import type { Person } from './person.ts';
import type { Server } from './server.ts';
import type { Status, WorkOrder } from './wire.ts';

export interface Wanted {
  readonly status?: Status;
  /** `null` is the unassigned pool; left out, anyone or nobody. */
  readonly technician?: Person | null;
}

export class Orders {
  readonly #admin: Person;
  readonly #free: WorkOrder[];
  #fence: number | undefined;
  #fences = 0;

  private constructor(admin: Person, free: WorkOrder[]) {
    this.#admin = admin;
    this.#free = free;
  }

  static async of(server: Server, who: 'admin' | 'otherAdmin' = 'admin'): Promise<Orders> {
    const admin = await server.as(who);
    return new Orders(admin, await admin.orders());
  }

  /** An order of its own for a test, brought into the wanted state by the admin where the demo has none. */
  async take({ status, technician }: Wanted = {}): Promise<WorkOrder> {
    const technicianId = technician === undefined ? undefined : (technician?.id ?? null);
    const misses = (order: WorkOrder): number =>
      Number(status !== undefined && order.status !== status) +
      Number(technicianId !== undefined && order.technician_id !== technicianId);
    // Anything but a perfect match is taken from the busiest statuses, to keep the rare ones for who asks for them.
    const order = this.#free.toSorted((a, b) => misses(a) - misses(b))[0];
    if (order === undefined) throw new Error('this test file has used up all demo orders');
    this.#free.splice(this.#free.indexOf(order), 1);
    return this.bring(order.id, {
      ...(status && { status }),
      ...(technician !== undefined && { technician }),
    });
  }

  /** Puts an order into a state, past the status table where need be, and answers as the admin sees it. */
  async bring(id: number, { status, technician }: Wanted): Promise<WorkOrder> {
    const now = await this.#admin.order(id);
    const technicianId = technician === undefined ? now.technician_id : (technician?.id ?? null);
    if (technicianId !== now.technician_id) await this.#admin.change(id, { technician_id: technicianId });
    if (status !== undefined && status !== now.status) {
      const plain = await this.#admin.patchOrder(id, { status });
      if (plain.status !== 200) await this.#admin.change(id, { status, override_reason: 'set up by a test' });
    }
    return this.#admin.order(id);
  }

  /**
   * Makes a change that everybody in the shop sees and waits until these connections have it. Events come in the order
   * of `seq`, so whatever was to come before it has come: how a test knows that nothing did.
   */
  async fence(...connections: Connection[]): Promise<number> {
    this.#fence ??= (await this.take({ technician: null })).id;
    this.#fences += 1;
    const { seq } = await this.#admin.change(this.#fence, { description: `Fence ${this.#fences}` });
    await Promise.all(connections.map(each => each.event('work_order_updated', event => event.seq === seq)));
    return seq;
  }
}
