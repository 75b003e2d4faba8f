// One unmodified socket.io-client connection that remembers all it was sent, in order.
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { type Client, current } from './clients.ts';
import type { Json } from './rest.ts';
import type { ServerEvents } from './wire.ts';

type Name = keyof ServerEvents;

export interface Received {
  readonly name: string;
  /** The first argument. A second one would be the offset of connection state recovery. */
  readonly payload: Json;
}

export interface Refusal {
  readonly message: string;
  readonly data?: { readonly code?: string };
}

/** How long something that must come may take before the test fails; nothing waits this long for nothing. */
const patienceMs = 8_000;

export class Connection {
  readonly socket: Socket;
  readonly received: Received[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(url: string, options: Partial<ManagerOptions & SocketOptions>, client: Client = current) {
    // `forceNew`: two connections of one test must not share a transport.
    this.socket = client(url, {
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      ...options,
    });
    this.socket.onAny((name: string, payload: Json) => {
      this.received.push({ name, payload });
      for (const watch of this.#watchers) watch();
    });
  }

  get recovered(): boolean {
    return this.socket.recovered;
  }

  /** Breaks the transport off, as a tunnel does: without a word to the other side. The client comes back by itself. */
  async cut(): Promise<void> {
    const closed = this.closed();
    const { transport } = this.socket.io.engine as unknown as { transport: { ws?: { terminate(): void } } };
    if (transport.ws === undefined) throw new Error('only a WebSocket can be cut off');
    transport.ws.terminate();
    await closed;
  }

  /** Cuts the connection off, does something meanwhile, and waits until the client is back. */
  async away(meanwhile: () => Promise<void>): Promise<void> {
    this.socket.io.reconnection(false);
    await this.cut();
    await meanwhile();
    await this.comeBack();
  }

  /** Lets a client that was told not to come back do so, and waits until it is there. */
  async comeBack(): Promise<void> {
    this.socket.io.reconnection(true);
    this.socket.connect();
    await this.reopened();
  }

  get transport(): string {
    return this.socket.io.engine.transport.name;
  }

  /** Resolves at the next `connect`, rejects with the server's refusal. */
  async opened(): Promise<void> {
    if (this.socket.connected) return;
    await this.#either<void>('a connection', (done, fail) => {
      this.socket.once('connect', done);
      this.socket.once('connect_error', fail);
    });
  }

  /** Resolves at the next `connect` and lets failed attempts before it pass: a server that restarts. */
  async reopened(): Promise<void> {
    if (this.socket.connected) return;
    await this.#either<void>('a reconnection', done => this.socket.once('connect', done));
  }

  /** The refusal at CONNECT; rejects when the server lets the connection in. */
  async refused(): Promise<Refusal> {
    return this.#either<Refusal>('a refusal', (done, fail) => {
      this.socket.once('connect_error', error => done(error as Refusal));
      this.socket.once('connect', () => fail(new Error('the connection was let in')));
    });
  }

  /** The reason of the next disconnection. */
  async closed(): Promise<string> {
    return this.#either<string>('a disconnection', done => this.socket.once('disconnect', done));
  }

  /** Resolves once the transport is a WebSocket. */
  async upgraded(): Promise<void> {
    const { engine } = this.socket.io;
    if (this.transport === 'websocket') return;
    await this.#either<void>('an upgrade', done => engine.once('upgrade', () => done()));
  }

  /** The first event of that name, past or to come, for which `where` holds. */
  async event<N extends Name>(
    name: N,
    where: (payload: ServerEvents[N]) => boolean = () => true,
  ): Promise<ServerEvents[N]> {
    while (true) {
      const found = this.all(name).find(where);
      if (found !== undefined) return found;
      await this.#next(name);
    }
  }

  /** The same for a name that is not the contract's, such as a test emit's. */
  async other(name: string): Promise<Json> {
    const find = (): Received | undefined => this.received.find(event => event.name === name);
    while (find() === undefined) await this.#next(name);
    return find()!.payload;
  }

  /**
   * The numbers of all durable events so far, in the order in which they came. The counts are left out: the greeting has
   * their name and the number of another event.
   */
  seqs(): number[] {
    return this.received
      .filter(event => event.name !== 'notification_count_updated' && event.name !== 'resync_required')
      .flatMap(event => (typeof event.payload['seq'] === 'number' ? [event.payload['seq']] : []));
  }

  /** Everything of that name so far; what the payloads really look like is what the tests check. */
  all<N extends Name>(name: N): ServerEvents[N][] {
    return this.received.filter(event => event.name === name).map(event => event.payload as ServerEvents[N]);
  }

  /** Emits and resolves with the acknowledgement. */
  async ask(name: string, ...args: unknown[]): Promise<Json> {
    // A callback, because clients before 4.6 have no `emitWithAck`.
    return this.#either<Json>(`acknowledgement of ${name}`, done => this.socket.emit(name, ...args, done));
  }

  /** Emits without asking for an acknowledgement. */
  tell(name: string, ...args: unknown[]): void {
    this.socket.emit(name, ...args);
  }

  /** Forgets what has come so far: the next `all` starts here. */
  forget(): void {
    this.received.length = 0;
  }

  close(): void {
    this.socket.disconnect();
  }

  /** Resolves when anything has come; `what` is what somebody waits for. */
  async #next(what: string): Promise<void> {
    let watch = (): void => {};
    try {
      await this.#either<void>(what, done => {
        watch = done;
        this.#watchers.add(watch);
      });
    } finally {
      this.#watchers.delete(watch);
    }
  }

  async #either<Value>(
    what: string,
    wait: (done: (value: Value) => void, fail: (error: Error) => void) => void,
  ): Promise<Value> {
    return new Promise<Value>((done, fail) => {
      const limit = setTimeout(() => {
        const seen = this.received.map(event => `${event.name} ${JSON.stringify(event.payload)}`);
        fail(new Error(`no ${what} within ${patienceMs} ms; received so far:\n${seen.join('\n')}`));
      }, patienceMs);
      const settle =
        <Outcome>(act: (outcome: Outcome) => void) =>
        (outcome: Outcome): void => {
          clearTimeout(limit);
          act(outcome);
        };
      wait(settle(done), settle(fail));
    });
  }
}
