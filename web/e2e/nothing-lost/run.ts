// A shop under load whose server is killed again and again, taken down for the checker.
import type { Person } from '../person.ts';
import { seeded } from '../random.ts';
import type { Json } from '../rest.ts';
import type { Server } from '../server.ts';
import { Client } from './client.ts';
import { type Crew, type Hired, hireCrew } from './crew.ts';
import { History } from './history.ts';
import { Load } from './load.ts';

export interface Plan {
  readonly file: string;
  readonly hired: Hired;
  readonly seed: number;
  readonly writesPerSecond: number;
}

/** Acts that need an outcome and views that need an event get this long; nothing waits this long for nothing. */
const patienceMs = 60_000;
/** Within this a lost right has reached every connection, and this test has heard of it. */
const rightsMs = 3_000;

const pause = async (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** Asks again until it holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await pause(50);
  }
}

export class Run {
  readonly server: Server;
  readonly history: History;
  readonly crew: Crew;
  readonly clients: readonly Client[];
  readonly load: Load;
  readonly #gone = new Set<Person>();

  private constructor(server: Server, crew: Crew, { file, seed, writesPerSecond }: Plan) {
    this.server = server;
    this.crew = crew;
    this.history = new History(file);
    for (const { id, demo } of crew.everyone) {
      this.history.add({ kind: 'person', id, shop: demo.shop, role: demo.role });
    }
    // The two admins have a second tab. Those who see every order have one open, the same for several of them.
    const owners = [...crew.everyone, crew.admin, crew.otherAdmin];
    this.clients = owners.map((person, i) => {
      const { role, shop } = person.demo;
      const rooms = role === 'technician' || shop !== 1 ? [] : [`work_order_${1 + (i % 3)}`];
      return new Client(i + 1, person, server.url, this.history, rooms);
    });
    this.load = new Load(this.clients, this.history, seeded(seed), writesPerSecond);
  }

  /** Everyone is there and knows everything. */
  static async begin(server: Server, plan: Plan): Promise<Run> {
    const run = new Run(server, await hireCrew(server, plan.hired), plan);
    for (const client of run.clients) client.socket.connect();
    await run.everyoneIsWhole();
    return run;
  }

  async everyoneIsWhole(): Promise<void> {
    await until('every client is connected and complete', () =>
      this.#present().every(client => client.isWhole),
    );
  }

  /** The server is gone in the middle of whatever it did, and comes back. */
  async kill(): Promise<number> {
    await this.server.end('SIGKILL');
    this.history.add({ kind: 'kill', at: Date.now() });
    return this.restart();
  }

  async restart(): Promise<number> {
    const start = Date.now();
    await this.server.start();
    return Date.now() - start;
  }

  /** Takes somebody's account away. */
  async disable(person: Person): Promise<void> {
    this.load.dismiss(person);
    const { at } = await this.#patchUser(person, { is_active: false });
    this.history.add({ kind: 'disabled', person: person.id, at });
    this.#gone.add(person);
  }

  /** Gives somebody another role; when that has reached them, they read afresh what they see now. */
  async promote(person: Person, role: 'front_desk'): Promise<void> {
    this.load.dismiss(person);
    const { at } = await this.#patchUser(person, { role });
    this.history.add({ kind: 'role', person: person.id, role, at });
    await pause(rightsMs);
    await Promise.all(this.clients.filter(client => client.person === person).map(client => client.resync()));
  }

  /** Someone in a room types, for those to hear who are in it. */
  type(): void {
    for (const client of this.clients.filter(each => each.rooms.length > 0 && each.id % 4 === 1)) {
      for (const roomName of client.rooms) client.socket.volatile.emit('typing_start', { roomName });
    }
  }

  /** Waits until nothing moves any more, takes down the truth, ends the server, and lets the checker judge. */
  async finish(settings: Readonly<Record<string, string>> = {}): Promise<{ code: number; output: string }> {
    await this.load.stop();
    await this.everyoneIsWhole();
    await this.#settle();
    await this.#presence();
    const people = new Set(this.#present().map(client => client.person));
    for (const person of people) {
      const [orders, tickets, notifications, unread] = [
        await person.orders(),
        await person.tickets(),
        await person.notifications(),
        await person.unread(),
      ];
      const state = { orders, tickets, notifications, unread };
      this.history.add({ kind: 'rest', person: person.id, state });
    }
    for (const client of this.#present()) {
      this.history.add({ kind: 'state', client: client.id, state: client.view.rows });
    }
    this.history.add({ kind: 'end', at: Date.now() });
    for (const client of this.clients) client.socket.disconnect();
    await this.server.end('SIGTERM');
    await this.history.addJournal(this.server.data, settings);
    return this.history.check();
  }

  /** One last order in each shop, in the pool, so that everyone is told of it: what came before has come before. */
  async #settle(): Promise<void> {
    for (const lead of [this.crew.admin, this.crew.otherAdmin]) {
      const [customer] = await lead.customers();
      const act = this.load.open(customer!.id, `last order of ${lead.id}`);
      const { seq } = (await this.load.perform(lead, act)).answer;
      const waiting = this.#present().filter(client => client.person.demo.shop === lead.demo.shop);
      await until(`everyone is told of ${seq}`, () => waiting.every(client => client.cursor >= seq));
    }
  }

  /** Who the server says is there. A connection that is gone counts for some seconds more. */
  async #presence(): Promise<void> {
    for (const lead of [this.crew.admin, this.crew.otherAdmin]) {
      const shop = lead.demo.shop;
      const present = this.#present().filter(client => client.person.demo.shop === shop);
      const expected = new Set(present.map(client => client.person.id)).size;
      const read = async (): Promise<number[]> => {
        const { body } = await lead.get('/api/websocket/stats');
        const { connectedUsers } = body['data'] as { connectedUsers: { userId: number }[] };
        return connectedUsers.map(user => user.userId);
      };
      const graceEnds = Date.now() + 6_000;
      await until(
        'presence settles',
        async () => Date.now() > graceEnds || (await read()).length === expected,
      );
      this.history.add({ kind: 'online', shop, people: await read(), at: Date.now() });
    }
    for (const room of new Set(this.clients.flatMap(client => client.rooms))) {
      const client = this.clients.find(each => each.rooms.includes(room))!;
      const answer = (await client.socket.emitWithAck('join_room', room)) as {
        viewers: { userId: number }[];
      };
      const people = [...answer.viewers.map(viewer => viewer.userId), client.person.id];
      this.history.add({ kind: 'viewers', room, people, at: Date.now() });
    }
  }

  async #patchUser(person: Person, body: Json): Promise<{ at: number }> {
    const path = `/api/users/${person.id}`;
    return this.load.perform(this.crew.admin, { method: 'PATCH', path, body });
  }

  #present(): Client[] {
    return this.clients.filter(client => !this.#gone.has(client.person));
  }
}
