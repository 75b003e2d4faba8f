import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { ServerEvents, Viewer } from '../src/index.ts';

/** A request as the server got it. */
export interface Asked {
  path: string;
  body: unknown;
  key: string | undefined;
  version: string | undefined;
}

/** An answer from the table; with `status`, a refusal. `silent` breaks the connection off after the work was done. */
export interface Told {
  data?: unknown;
  seq?: number;
  next_cursor?: string | null;
  status?: number;
  code?: string;
  retryAfter?: number;
  silent?: true;
}

interface Row {
  seq: number;
  event: keyof ServerEvents;
  payload: unknown;
}

/**
 * A Socket.IO server in this process that acknowledges joins, knows good tokens, keeps a journal that can be asked for by
 * `sync` and over REST, and answers other REST from a table.
 */
export class FakeServer {
  /** What was joined and left, in order. */
  readonly asked: string[] = [];
  /** REST answers by method and path; anything else is 404. */
  readonly answers = new Map<string, (asked: Asked) => Told | Promise<Told>>();
  readonly requests: string[] = [];
  /** Every request that can change something, as it was. */
  readonly writes: Asked[] = [];
  /** What was told of this person, in order. */
  readonly told: unknown[][] = [];
  /** Every `sync` as it was asked for. */
  readonly syncs: unknown[] = [];
  /** The others in every room. */
  viewers: Viewer[] = [];
  readonly goodTokens = new Set(['good']);
  epoch = 'epoch-1';
  journal: Row[] = [];
  /** What `sync` is answered before the journal is looked at. */
  refuseSync: (() => object | undefined) | null = null;
  /** What a fresh connection is told first. */
  greet: ((socket: Socket) => void) | null = null;
  /** What a renewed token is answered. */
  authenticated: unknown = { ok: true, expiresAt: '2026-03-02T09:15:00.000Z' };
  readonly #http: HttpServer;
  readonly #io: Server;

  private constructor() {
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#io = new Server(this.#http, {
      cors: { origin: '*' },
      connectionStateRecovery: { skipMiddlewares: false },
    });
    this.#io.use((socket, next) => {
      if (this.goodTokens.has(socket.handshake.auth['token'] as string)) return next();
      const refusal = new Error('Invalid authentication token');
      return next(Object.assign(refusal, { data: { code: 'invalid_token' } }));
    });
    this.#io.on('connection', socket => {
      for (const event of ['join_room', 'leave_room']) {
        socket.on(event, (room: string, ack?: (answer: unknown) => void) => {
          this.asked.push(`${event} ${room}`);
          ack?.({ ok: true, room, seq: 0, viewers: this.viewers });
        });
      }
      for (const event of ['typing_start', 'typing_stop', 'user_presence']) {
        socket.on(event, (payload: unknown) => void this.told.push([event, payload]));
      }
      socket.on('authenticate', (payload: unknown, ack: (answer: unknown) => void) => {
        this.told.push(['authenticate', payload]);
        ack(this.authenticated);
      });
      socket.on('sync', (asked: { after: number }, ack: (answer: unknown) => void) => {
        this.#sync(socket, asked, ack);
      });
      if (!socket.recovered) this.greet?.(socket);
    });
  }

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await server.listen();
    return server;
  }

  listen(port = 0): Promise<void> {
    return new Promise(resolve => this.#http.listen(port, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get sockets(): Socket[] {
    return [...this.#io.sockets.sockets.values()];
  }

  get head(): number {
    return this.journal.at(-1)?.seq ?? 0;
  }

  /** Sends an event that the journal does not know of. */
  emit<Name extends keyof ServerEvents>(event: Name, payload: ServerEvents[Name]): void {
    // In the place of an offset: this server's own, which follows, is another.
    this.#io.emit(event, payload, null);
  }

  /** Writes an event down; whoever is connected hears it, with its offset. */
  commit<Name extends keyof ServerEvents>(event: Name, payload: ServerEvents[Name] & { seq: number }): void {
    this.journal.push({ seq: payload.seq, event, payload });
    this.#io.emit(event, payload, this.#offset(payload.seq));
  }

  /** The greeting of a fresh connection. */
  welcome(socket: Socket, unreadCount = 0): void {
    const payload = { userId: 3, unreadCount, timestamp: '2026-03-02T09:00:00.000Z', seq: this.head };
    socket.emit('notification_count_updated', payload, this.#offset(this.head));
  }

  tell(event: string, payload: unknown): void {
    this.#io.emit(event, payload, null);
  }

  /** Cuts every connection as a lost network does, without a Socket.IO DISCONNECT. */
  cut(): void {
    for (const socket of this.sockets) socket.conn.close();
  }

  /** Keeps no session from now on, so that a connection that was cut comes back as a fresh one. */
  forget(): void {
    const { adapter } = this.#io.of('/') as unknown as { adapter: { persistSession: () => void } };
    adapter.persistSession = () => {};
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await this.#io.close();
  }

  #offset(seq: number): string {
    return `${this.epoch}-${seq}`;
  }

  #sync(socket: Socket, asked: { after: number }, ack: (answer: unknown) => void): void {
    this.syncs.push(asked);
    const refusal = this.refuseSync?.();
    if (refusal !== undefined) {
      ack(refusal);
      return;
    }
    const rows = this.journal.filter(({ seq }) => seq > asked.after);
    for (const { event, payload, seq } of rows) socket.emit(event, payload, this.#offset(seq));
    ack({ ok: true, to: Math.max(this.head, asked.after), epoch: this.epoch, count: rows.length });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = `${request.method} ${request.url}`;
    this.requests.push(path);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
    response.setHeader('Access-Control-Allow-Methods', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Shop-Seq, Shop-Epoch, Retry-After');
    if (request.method === 'OPTIONS') {
      response.end();
      return;
    }
    let text = '';
    for await (const piece of request) text += String(piece);
    const asked: Asked = {
      path,
      body: text === '' ? null : (JSON.parse(text) as unknown),
      key: request.headers['idempotency-key'] as string | undefined,
      version: request.headers['if-match'],
    };
    if (request.method !== 'GET') this.writes.push(asked);
    if (path.startsWith('GET /api/events?') && !this.answers.has(path)) {
      const after = Number(new URL(path.slice(4), this.url).searchParams.get('after'));
      const data = this.journal.filter(({ seq }) => seq > after).slice(0, 2);
      this.#head(response, this.head);
      response.end(JSON.stringify({ status: 'success', data, next: data.at(-1)?.seq ?? after }));
      return;
    }
    const told = (await this.answers.get(path)?.(asked)) ?? { status: 404, code: 'not_found' };
    if (told.silent) {
      response.destroy();
    } else if (told.status !== undefined) {
      response.statusCode = told.status;
      if (told.retryAfter !== undefined) response.setHeader('Retry-After', told.retryAfter);
      const refusal = { status: 'fail', code: told.code, message: 'No.', request_id: 'r', data: told.data };
      response.end(JSON.stringify(refusal));
    } else {
      this.#head(response, told.seq ?? this.head);
      const pagination = { limit: 20, next_cursor: told.next_cursor ?? null };
      response.end(JSON.stringify({ status: 'success', data: told.data, pagination }));
    }
  }

  #head(response: ServerResponse, seq: number): void {
    response.setHeader('Shop-Seq', seq);
    response.setHeader('Shop-Epoch', this.epoch);
  }
}
