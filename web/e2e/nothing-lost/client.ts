// A stock client and the simplest application on it: it believes what it is handed, and takes a snapshot by REST when the
// server could not bring it up to date.
import { io, type Socket } from 'socket.io-client';
import type { Received } from '../connection.ts';
import type { Person } from '../person.ts';
import type { Json } from '../rest.ts';
import { View } from '../shop-day/view.ts';
import type { History } from './history.ts';
import { readAll } from './snapshot.ts';

/** Packet types of Socket.IO. */
const [connect, event, connectError] = [0, 2, 4];

/** Between two tries of a snapshot that a busy server refused. */
const retryMs = 100;

interface Handed extends Received {
  readonly connection: number;
  readonly at: number;
}

export class Client {
  readonly id: number;
  readonly person: Person;
  readonly socket: Socket;
  view = new View();
  /** The newest event that is in `view`. */
  cursor = 0;
  /** How often the server brought it up to date by itself, and how often it did not though it was asked to. */
  readonly returns = { recovered: 0, afresh: 0 };
  /** Rooms that it is in whenever it is connected. */
  readonly rooms: readonly string[];
  readonly #history: History;
  #connection = 0;
  #pid: unknown;
  /** Whether this transport was opened with a session to recover. */
  #asks = false;
  /** What came before the snapshot did; `undefined` once there is one. */
  #waiting: Handed[] | undefined = [];
  /** What came on this transport before the CONNECT was answered. */
  #unanswered: Handed[] | undefined = [];
  #snapshots = 0;
  /** Events up to here are in the last snapshot, even if they come after it. */
  #floor = 0;

  constructor(id: number, person: Person, url: string, history: History, rooms: readonly string[] = []) {
    this.id = id;
    this.person = person;
    this.rooms = rooms;
    this.#history = history;
    this.socket = io(url, {
      auth: { token: person.accessToken },
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 400,
      // A third starts with polling, as stock clients do; the others save the test's own time.
      ...(id % 3 !== 0 && { transports: ['websocket'] }),
    });
    const manager = this.socket.io;
    manager.on('open', () => {
      this.#unanswered = [];
      // Private, and the only way to know whether the client has heard anything that it can recover from.
      this.#asks = Reflect.get(this.socket, '_lastOffset') !== undefined;
    });
    // Before the socket itself is handed the packet: recovered events are handed on before `connect` is.
    manager.on('packet', packet => this.#packet(packet.type, packet.data));
    this.socket.on('connect', () => this.#connected());
    this.socket.on('disconnect', () => history.add({ kind: 'disconnect', client: id, at: Date.now() }));
    this.socket.onAny((name: string, payload: Json) =>
      this.#handed({ name, payload, connection: this.#connection, at: Date.now() }),
    );
  }

  get isWhole(): boolean {
    return this.socket.connected && this.#waiting === undefined;
  }

  /** Reads everything anew, as after a change of what this person may see. */
  async resync(): Promise<void> {
    this.#waiting ??= [];
    await this.#snapshot();
  }

  #packet(type: number, data: unknown): void {
    const at = Date.now();
    const client = this.id;
    if (type === connect) {
      const pid = (data as Json)['pid'];
      const recovered = pid !== undefined && pid === this.#pid;
      this.#pid = pid;
      this.#connection += 1;
      this.#unanswered = undefined;
      if (this.#asks) this.returns[recovered ? 'recovered' : 'afresh'] += 1;
      if (!recovered) this.#waiting = [];
      const connection = this.#connection;
      this.#history.add({ kind: 'connect', client, person: this.person.id, connection, recovered, at });
    } else if (type === connectError) {
      this.#connection += 1;
      this.#history.add({ kind: 'refused', client, connection: this.#connection, at });
      for (const early of this.#unanswered ?? [])
        this.#history.event(client, early.connection, early, early.at);
      this.#unanswered = [];
    } else if (type === event && this.#unanswered !== undefined) {
      const [name, payload] = data as [string, Json];
      this.#unanswered.push({ name, payload, connection: this.#connection + 1, at });
    }
  }

  #connected(): void {
    if (this.#waiting !== undefined) void this.#snapshot();
    if (this.socket.recovered) return;
    for (const room of this.rooms) {
      this.socket.emit('join_room', room, (answer: Json) => {
        if (answer['ok'] === true) this.#history.add({ kind: 'join', client: this.id, room, at: Date.now() });
      });
    }
  }

  #handed(handed: Handed): void {
    if (handed.name === 'presence_snapshot') return;
    // Whoever could not be kept complete says so; a snapshot makes it good.
    if (handed.name === 'resync_required' && this.#waiting === undefined) void this.resync();
    if (this.#waiting === undefined) this.#take(handed);
    else this.#waiting.push(handed);
  }

  #take(handed: Handed): void {
    const { seq } = handed.payload;
    if (typeof seq === 'number' && seq <= this.#floor) return;
    this.#history.event(this.id, handed.connection, handed, handed.at);
    this.view.apply(handed);
    if (typeof seq === 'number') this.cursor = Math.max(this.cursor, seq);
  }

  async #snapshot(): Promise<void> {
    this.#snapshots += 1;
    const which = this.#snapshots;
    const start = Date.now();
    const read = await readAll(this.person).catch(() => undefined);
    if (which !== this.#snapshots || this.#waiting === undefined) return;
    if (read === undefined) {
      // When the server has died it is tried again after the next `connect`.
      if (this.socket.connected) setTimeout(() => void this.#snapshot(), retryMs);
      return;
    }
    const at = Date.now();
    this.view = read.view;
    this.cursor = read.seq;
    this.#floor = read.seq;
    const orders = [...read.view.orders.values()].map(order => [order.id, order.version]);
    this.#history.add({ kind: 'read', shop: this.person.demo.shop, seq: read.seq, start, end: at });
    this.#history.add({ kind: 'resync', client: this.id, seq: read.seq, at, orders });
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const handed of waiting) this.#take(handed);
  }
}
