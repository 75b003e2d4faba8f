// Everyone who works in one shop on that day, each with one stock connection that is open all day.
import type { Connection } from '../connection.ts';
import type { Who } from '../people.ts';
import type { Person } from '../person.ts';
import type { Server } from '../server.ts';
import type { Json } from '../rest.ts';
import type { Customer } from '../wire.ts';
import { View } from './view.ts';

export interface Member {
  readonly who: Who;
  readonly person: Person;
  readonly connection: Connection;
  /** Follows the events. */
  readonly view: View;
}

export class Cast {
  readonly members: readonly Member[];
  /** Stands in every text that is written in this shop, and nowhere else. */
  readonly mark: string;
  readonly customers: Customer[];
  /** The present names, by user id. */
  readonly names = new Map<number, string>();
  /** The head of the journal when the day began. */
  readonly start: number;

  private constructor(members: readonly Member[], mark: string, customers: Customer[], start: number) {
    this.members = members;
    this.mark = mark;
    this.customers = customers;
    this.start = start;
    for (const { person } of members) this.names.set(person.id, person.demo.name);
  }

  static async of(server: Server, mark: string, everyone: readonly Who[]): Promise<Cast> {
    const members: Member[] = [];
    for (const who of everyone) {
      const person = await server.as(who);
      const connection = await person.connect();
      // Nothing happens until everyone is there, so that the rows are those of the moment of connecting.
      const view = await View.read(person);
      connection.socket.onAny((name: string, payload: Json) => view.apply({ name, payload }));
      members.push({ who, person, connection, view });
    }
    const lead = members[0]!.person;
    const { seq } = await lead.get('/api/work-orders?limit=1');
    return new Cast(members, mark, await lead.customers(), seq);
  }

  of(...roles: readonly string[]): Member[] {
    return this.members.filter(member => roles.includes(member.person.demo.role));
  }

  get technicians(): number[] {
    return this.of('technician').map(member => member.person.id);
  }

  close(): void {
    for (const { connection } of this.members) connection.close();
  }
}
