// Proves silence among what is never stored: typing, presence and test emits go one way, in order.
import type { Connection } from './connection.ts';
import type { Person } from './person.ts';
import type { Server } from './server.ts';

const roles = ['admin', 'manager', 'technician', 'front_desk'] as const;

export class Pulse {
  readonly #admin: Person;
  #count = 0;

  private constructor(admin: Person) {
    this.#admin = admin;
  }

  static async of(server: Server, who: 'admin' | 'otherAdmin' = 'admin'): Promise<Pulse> {
    return new Pulse(await server.as(who));
  }

  /** Emits to the whole shop and waits until these connections have it: whatever was to come before has come. */
  async reach(...connections: Connection[]): Promise<void> {
    this.#count += 1;
    const event = `pulse_${this.#count}`;
    for (const role of roles) await this.#admin.write('POST', `/api/websocket/emit/role/${role}`, { event });
    await Promise.all(connections.map(each => each.other(event)));
  }
}
