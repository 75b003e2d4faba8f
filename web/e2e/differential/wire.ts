// One scripted session on one server: everything that is opened in it, and the trace that it leaves.
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Polling } from './polling.ts';
import { Trace } from './trace.ts';
import { type Opening, WebSocket } from './webSocket.ts';

/** A limit for what hangs: what did not come by then is noted as such. */
export const patienceMs = 5_000;

export interface Request {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A transport of one session, whichever it is. */
export interface Line {
  /** Sends packets, text with its Engine.IO type or bytes, in one go where the transport can. */
  send(...packets: (string | Uint8Array)[]): Promise<void>;
  /** Waits for a packet; false when the session is over first. */
  until(where: (packet: string) => boolean): Promise<boolean>;
  /** Notes packets alone, and nothing of how a session ends. */
  isBrief: boolean;
}

/** An Engine.IO endpoint with that query. */
export const engine = (query = 'EIO=4&transport=polling'): string => `/socket.io/?${query}`;

let fences = 0;

export class Wire {
  readonly trace = new Trace();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #sockets: WebSocket[] = [];

  readonly port: number;
  /** Of the session: what others on the same server must not share is called by it. */
  readonly name: string;

  constructor(port: number, name: string) {
    this.port = port;
    this.name = name;
  }

  note(label: string, line: string): void {
    this.trace.note(label, line);
  }

  /** The answer to a request; `undefined` when the connection broke first. */
  async request(request: Request, signal?: AbortSignal): Promise<Answer | undefined> {
    return new Promise(done => {
      const sent = httpRequest(
        {
          host: '127.0.0.1',
          port: this.port,
          agent: this.#agent,
          method: request.method ?? 'GET',
          path: request.target,
          headers: request.headers ?? {},
          signal: AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])]),
        },
        answer => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', () => done(undefined));
          answer.on('end', () => {
            const { statusCode: status = 0, headers } = answer;
            done({ status, headers, body: Buffer.concat(chunks).toString() });
          });
        },
      );
      sent.on('error', () => done(undefined));
      sent.end(request.body);
    });
  }

  /** The same, and notes all that a client can see of it. */
  async ask(request: Request, label = this.trace.label('http')): Promise<Answer | undefined> {
    const answer = await this.request(request);
    this.note(label, answer === undefined ? 'broke off' : described(answer));
    return answer;
  }

  /** Opens a session over polling, and connects it to a namespace where `connect` is a CONNECT packet. */
  async polling(connect?: string): Promise<Polling> {
    const polling = await Polling.open(this);
    if (connect !== undefined) await greeted(polling, connect);
    return polling;
  }

  /** The same over WebSocket; with an opening that differs it may well be refused. */
  async webSocket(connect?: string, opening: Opening = {}): Promise<WebSocket> {
    const socket = await WebSocket.open(this, opening);
    this.#sockets.push(socket);
    if (connect !== undefined) await greeted(socket, connect);
    return socket;
  }

  async line(transport: Transport, connect?: string): Promise<Polling | WebSocket> {
    if (transport === 'polling') return this.polling(connect);
    const socket = await this.webSocket(connect);
    if (connect === undefined) await socket.until(packet => packet.startsWith('0'));
    return socket;
  }

  /** The end of the session: nothing is left open. */
  close(): void {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }
}

export type Transport = 'polling' | 'WebSocket';
export const transports: readonly Transport[] = ['polling', 'WebSocket'];

/** Connects, and waits for all that the application says then. */
async function greeted(line: Line, connect: string): Promise<void> {
  await line.send(connect);
  await line.until(packet => packet.includes('["number",3]') || packet.startsWith('44'));
}

/**
 * Waits until a server has dealt with all that was sent before; false when the session is over. A refused CONNECT is
 * asked for in any state of a session, takes its turn behind everything else, and leaves no trace. Twice: the reference
 * may put off work until its next tick, which the second one comes after.
 */
export async function fence(line: Line): Promise<boolean> {
  for (const _ of [1, 2]) {
    fences += 1;
    const name = `fence ${fences}.`;
    await line.send(`40/fence,{"fence":"${name}"}`);
    if (!(await line.until(packet => packet.includes(name)))) return false;
  }
  return true;
}

/** Whether a packet answers a fence. */
export const isFence = (packet: string): boolean => packet.startsWith('44/fence,');

const visible = /^(allow|cache-control|content-type|retry-after)$/;

/**
 * An answer's status, the headers that matter, and its body. What is for pages is left out where none asks: the reference
 * sends it all the same. So is whether a refusal may be cached, of which the reference says nothing.
 */
export function described({ status, headers, body }: Answer): string {
  const isForPage = headers['access-control-allow-origin'] !== undefined;
  const told = Object.entries(headers)
    .filter(
      ([name, value]) =>
        (visible.test(name) && (status < 300 || name !== 'cache-control')) ||
        (isForPage && name.startsWith('access-control-')) ||
        (name === 'connection' && value === 'close'),
    )
    .map(([name, value]) => `${name}: ${String(value)}`)
    .toSorted();
  return [status, ...told, packets(body).join(' ␞ ')].join(' | ');
}

/** The packets of a polling body. */
export const packets = (body: string): string[] => body.split('\x1e');
