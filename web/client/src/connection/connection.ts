import type { Socket } from 'socket.io-client';
import type { RefusedAck, ServerEvents } from '../generated/index.ts';
import { report } from '../report.ts';
import type { TokenSource } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import type { Signals } from './browserSignals.ts';
import { ConnectionMachine } from './machine.ts';
import { SocketLink } from './socketLink.ts';
import type { ConnectionState } from './states.ts';

/** What the server answers to an event: more fields with `ok`, a reason without. */
export type Ack = { ok: true; [field: string]: unknown } | RefusedAck;

/** Takes an event's payload; what may follow it (the recovery offset) is the transport's. */
type Handler = (payload: never) => void;

interface On {
  <Name extends keyof ServerEvents>(event: Name, handler: (payload: ServerEvents[Name]) => void): () => void;
  (event: string, handler: Handler): () => void;
}

interface Off {
  <Name extends keyof ServerEvents>(event: Name, handler: (payload: ServerEvents[Name]) => void): void;
  (event: string, handler: Handler): void;
}

const ACK_MS = 10_000;

/** The live connection of one person: comes back by itself, and hears events under their names. */
export class Connection {
  readonly #machine: ConnectionMachine;
  readonly #handlers = new Map<string, Subscribers<unknown[]>>();
  #link!: SocketLink;

  constructor(url: string, tokens: TokenSource, signals?: Signals) {
    this.#machine = new ConnectionMachine({
      link: tell => (this.#link = new SocketLink(url, tokens, tell)),
      ...(signals && { signals }),
    });
    // One listener on the socket, so that a handler that throws keeps neither the others nor the next event from coming.
    this.#link.socket.onAny((event: string, ...args: unknown[]) =>
      this.#handlers.get(event)?.notify(...args),
    );
  }

  get state(): ConnectionState {
    return this.#machine.state;
  }

  get isConnected(): boolean {
    return this.#machine.state === 'connected';
  }

  /** The Socket.IO client underneath, the same one for this connection's whole life. */
  get socket(): Socket {
    return this.#link.socket;
  }

  /** Calls back after each change of `state`; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#machine.subscribe(changed);

  start(): void {
    this.#machine.start();
  }

  stop(): void {
    this.#machine.stop();
  }

  /** Hears an event until undone, over reconnections. */
  on: On = (event: string, handler: Handler) => {
    let handlers = this.#handlers.get(event);
    if (handlers === undefined) this.#handlers.set(event, (handlers = new Subscribers<unknown[]>()));
    return handlers.add(handler as (...args: unknown[]) => void);
  };

  off: Off = (event: string, handler: Handler) => {
    this.#handlers.get(event)?.remove(handler as (...args: unknown[]) => void);
  };

  /**
   * Sends an event if the connection is up, and says whether it was. Never throws and never keeps an event for later:
   * what a person did a minute ago in a tunnel is not what they do now.
   */
  emit = (event: string, ...args: unknown[]): boolean => {
    if (!this.isConnected) return false;
    try {
      this.#link.socket.emit(event, ...args);
      return true;
    } catch (error) {
      // Reserved names and what cannot be serialised.
      report(error);
      return false;
    }
  };

  /** Sends an event and gives the server's answer; without one, `unavailable`. Never rejects. */
  request(event: string, ...args: unknown[]): Promise<Ack> {
    return this.requestWithin(ACK_MS, event, ...args);
  }

  /** The same with a time of its own to wait for the answer, in milliseconds. */
  async requestWithin(ms: number, event: string, ...args: unknown[]): Promise<Ack> {
    const unanswered: Ack = { ok: false, code: 'unavailable', message: 'The server did not answer.' };
    if (!this.isConnected) return unanswered;
    try {
      return (await this.#link.socket.timeout(ms).emitWithAck(event, ...args)) as Ack;
    } catch {
      return unanswered;
    }
  }
}
