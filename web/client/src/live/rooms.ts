import type { Connection } from '../connection/connection.ts';
import type { RoomAck } from '../generated/index.ts';
import { Subscribers } from '../subscribers.ts';

interface Room {
  /** How many want to be in it. */
  wanted: number;
  isJoined: boolean;
  /** The server has put this page out: asking again would be in vain. */
  isLost: boolean;
}

/**
 * Rooms that somebody on this page wants to be in, counted, so that two components can want the same one. Joined again
 * after every reconnection.
 */
export class Rooms {
  readonly #connection: Connection;
  readonly #rooms = new Map<string, Room>();
  readonly #joined = new Subscribers<[name: string, ack: RoomAck]>();
  readonly #left = new Subscribers<[name: string]>();
  readonly #lost = new Subscribers<[name: string]>();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.subscribe(() => this.#connectionChanged());
    connection.on('room_left', ({ roomName }) => this.#putOut(roomName));
  }

  /** Calls back when the server has let this page into a room, also after each reconnection. */
  onJoined = (heard: (name: string, ack: RoomAck) => void): (() => void) => this.#joined.add(heard);

  /** Calls back when nobody on this page wants to be in a room any longer. */
  onLeft = (heard: (name: string) => void): (() => void) => this.#left.add(heard);

  /** Calls back when the server has put this page out of a room, because its person may not see it any more. */
  onLost = (heard: (name: string) => void): (() => void) => this.#lost.add(heard);

  /** Asks again for a room that was lost, when its person may see it after all. */
  regain(name: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined || !room.isLost) return;
    room.isLost = false;
    this.#ask(name, room);
  }

  join = (name: string): void => {
    const room = this.#rooms.get(name) ?? { wanted: 0, isJoined: false, isLost: false };
    room.wanted++;
    this.#rooms.set(name, room);
    this.#ask(name, room);
  };

  /** Takes back one `join`; the last one leaves. */
  leave = (name: string): void => {
    const room = this.#rooms.get(name);
    if (room === undefined || room.wanted === 0) return;
    room.wanted--;
    // Not at once: React's StrictMode and a change of page take the wish back and make it again within one task.
    if (room.wanted === 0) queueMicrotask(() => this.#leaveUnwanted(name, room));
  };

  #ask(name: string, room: Room): void {
    if (room.isJoined || room.isLost || !this.#connection.isConnected) return;
    room.isJoined = true;
    // A refusal is no reason to ask again before the next connection: rights do not change by asking.
    void this.#connection.request('join_room', name).then(ack => {
      if (ack.ok && this.#rooms.get(name) === room) this.#joined.notify(name, ack as unknown as RoomAck);
    });
  }

  #putOut(name: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    room.isJoined = false;
    room.isLost = true;
    this.#left.notify(name);
    this.#lost.notify(name);
  }

  #leaveUnwanted(name: string, room: Room): void {
    if (room.wanted > 0 || this.#rooms.get(name) !== room) return;
    this.#rooms.delete(name);
    if (room.isJoined) this.#connection.emit('leave_room', name);
    this.#left.notify(name);
  }

  #connectionChanged(): void {
    const { isConnected } = this.#connection;
    for (const [name, room] of this.#rooms) {
      if (isConnected) this.#ask(name, room);
      else room.isJoined = false;
    }
  }
}
