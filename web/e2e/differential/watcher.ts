import type { Wire } from './wire.ts';
import type { WebSocket } from './webSocket.ts';

/** Somebody who is told how a socket ends whose CONNECT has the payload `{"tell": room}`. */
export class Watcher {
  readonly #socket: WebSocket;
  readonly room: string;

  private constructor(socket: WebSocket, room: string) {
    this.#socket = socket;
    this.room = room;
  }

  static async of(wire: Wire): Promise<Watcher> {
    const watcher = new Watcher(await wire.webSocket('40'), `told of ${wire.name}`);
    watcher.#socket.isBeating = true;
    await watcher.#socket.send(`42["join","${watcher.room}"]`);
    await watcher.#socket.until(packet => packet.includes('joined'));
    return watcher;
  }

  /** The CONNECT of who is watched. */
  get connect(): string {
    return `40{"tell":"${this.room}"}`;
  }

  /** Waits until the socket is gone, which is noted with the reason. */
  async gone(): Promise<void> {
    await this.#socket.until(packet => packet.includes('"gone"'));
  }
}
