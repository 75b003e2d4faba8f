import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { ServerEvents, Viewer } from '../src/index.ts';

/** A Socket.IO server in this process that acknowledges joins, knows good tokens, and answers REST from a table. */
export class FakeServer {
  /** What was joined and left, in order. */
  readonly asked: string[] = [];
  /** REST answers by method and path; anything else is 404. */
  readonly answers = new Map<string, () => { data: unknown; seq: number; next_cursor?: string | null }>();
  readonly requests: string[] = [];
  /** What was told of this person, in order. */
  readonly told: unknown[][] = [];
  /** The others in every room. */
  viewers: Viewer[] = [];
  readonly goodTokens = new Set(['good']);
  readonly #http: HttpServer;
  readonly #io: Server;

  private constructor() {
    this.#http = createServer((request, response) => {
      const path = `${request.method} ${request.url}`;
      this.requests.push(path);
      const answer = this.answers.get(path)?.();
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', '*');
      response.setHeader('Access-Control-Allow-Methods', '*');
      response.setHeader('Access-Control-Expose-Headers', 'Shop-Seq');
      if (request.method === 'OPTIONS') {
        response.end();
      } else if (answer === undefined) {
        response.statusCode = 404;
        response.end(JSON.stringify({ status: 'fail', code: 'not_found', message: 'No.', request_id: 'r' }));
      } else {
        response.setHeader('Shop-Seq', answer.seq);
        const pagination = { limit: 20, next_cursor: answer.next_cursor ?? null };
        response.end(JSON.stringify({ status: 'success', data: answer.data, pagination }));
      }
    });
    this.#io = new Server(this.#http, { cors: { origin: '*' } });
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
    });
  }

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await new Promise<void>(resolve => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get sockets(): Socket[] {
    return [...this.#io.sockets.sockets.values()];
  }

  emit<Name extends keyof ServerEvents>(event: Name, payload: ServerEvents[Name]): void {
    this.#io.emit(event, payload);
  }

  /** Cuts every connection as a lost network does, without a Socket.IO DISCONNECT. */
  cut(): void {
    for (const socket of this.sockets) socket.conn.close();
  }

  async stop(): Promise<void> {
    await this.#io.close();
  }
}
