// A WebSocket by hand: what it sends may break every rule, and all that comes is noted.
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { engine, isFence, type Line, patienceMs, type Wire } from './wire.ts';

export interface Opening {
  readonly query?: string;
  readonly method?: string;
  /** Instead of the ones that a proper client sends; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Frame {
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the header says instead of the true length. */
  readonly claimedLength?: number;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export class WebSocket implements Line {
  readonly label: string;
  readonly #wire: Wire;
  readonly #socket: Socket;
  readonly #key = randomBytes(16).toString('base64');
  /** Answers a close frame, as a proper client does. */
  polite = true;
  isBrief = false;
  /** Answers pings by itself, without a word about them. */
  isBeating = false;
  isOpen = false;
  /** The handshake was answered, one way or the other. */
  #isAnswered = false;
  /** A refusal said that the connection ends with it. */
  #isEnding = false;
  #isOver = false;
  #incoming = Buffer.alloc(0);
  readonly #packets: string[] = [];
  #seen = 0;
  readonly #watchers = new Set<() => void>();

  private constructor(wire: Wire) {
    this.#wire = wire;
    this.label = wire.trace.label('socket');
    this.#socket = connect({ port: wire.port, host: '127.0.0.1', allowHalfOpen: true });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', chunk => this.#read(chunk));
    const over = (how: string) => (): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      if (!this.isBrief) wire.note(this.label, how);
      this.#socket.end();
      this.#look();
    };
    this.#socket.once('end', over('ended'));
    this.#socket.once('error', over('reset'));
    this.#socket.once('close', over('closed'));
  }

  static async open(wire: Wire, { query, method = 'GET', headers = {} }: Opening): Promise<WebSocket> {
    const socket = new WebSocket(wire);
    const all: Record<string, string | undefined> = {
      host: `127.0.0.1:${wire.port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': socket.#key,
      ...headers,
    };
    const told = Object.entries(all).filter(([, value]) => value !== undefined);
    const target = engine(query ?? 'EIO=4&transport=websocket');
    socket.bytes(
      `${method} ${target} HTTP/1.1\r\n${told.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    await socket.#when(() => socket.#isAnswered);
    if (!socket.isOpen && socket.#isEnding) await socket.over();
    return socket;
  }

  async send(...sent: (string | Uint8Array)[]): Promise<void> {
    // In one write, so that they also come at once.
    this.#socket.cork();
    for (const packet of sent) {
      this.frame({ payload: packet, opcode: typeof packet === 'string' ? 1 : 2 });
    }
    this.#socket.uncork();
    return Promise.resolve();
  }

  async until(where: (packet: string) => boolean): Promise<boolean> {
    let found = -1;
    await this.#when(() => {
      found = this.#packets.findIndex((packet, at) => at >= this.#seen && where(packet));
      return found >= 0;
    });
    if (found >= 0) this.#seen = found + 1;
    return found >= 0;
  }

  /** Waits for the server to end the connection. */
  async over(): Promise<void> {
    await this.#when(() => false);
  }

  frame({ opcode = 1, payload = '', fin = true, reserved = 0, masked = true, claimedLength }: Frame): void {
    const body = Buffer.from(payload as string);
    const length = claimedLength ?? body.length;
    const size = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
    if (size.length === 2) size.writeUInt16BE(length);
    if (size.length === 8) size.writeBigUInt64BE(BigInt(length));
    const short = size.length === 0 ? length : size.length === 2 ? 126 : 127;
    const head = Buffer.from([(fin ? 0x80 : 0) | (reserved << 4) | opcode, (masked ? 0x80 : 0) | short]);
    const mask = masked ? randomBytes(4) : Buffer.alloc(0);
    const covered = masked ? body.map((byte, i) => byte ^ (mask[i % 4] ?? 0)) : body;
    this.bytes(Buffer.concat([head, size, mask, covered]));
  }

  bytes(bytes: string | Uint8Array): void {
    if (!this.#socket.writableEnded) this.#socket.write(bytes);
  }

  /** Says that nothing more will be sent, and goes on reading. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Gone without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until something holds or the connection is over. */
  async #when(holds: () => boolean): Promise<void> {
    await new Promise<void>(done => {
      const finish = (): void => {
        clearTimeout(limit);
        this.#watchers.delete(look);
        done();
      };
      const look = (): void => {
        if (this.#isOver || holds()) finish();
      };
      const limit = setTimeout(() => {
        this.#wire.note(this.label, 'waited in vain');
        finish();
      }, patienceMs);
      this.#watchers.add(look);
      look();
      // What came before it was over still counts.
      if (this.#isOver) holds();
    });
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }

  #read(chunk: Buffer): void {
    this.#incoming = Buffer.concat([this.#incoming, chunk]);
    if (!this.isOpen && (this.#isAnswered || !this.#readHead())) return this.#look();
    while (this.#readFrame()) /* takes the next */ ;
    this.#look();
  }

  /** Notes the answer to the handshake; whether frames follow. */
  #readHead(): boolean {
    const end = this.#incoming.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [status = '', ...lines] = this.#incoming.subarray(0, end).toString().split('\r\n');
    const accept = createHash('sha1')
      .update(this.#key + guid)
      .digest('base64');
    const headers = lines
      .map(line => line.replace(accept, '…'))
      .filter(
        line => !/^(date|keep-alive|server|content-length|vary|cache-control|access-control-.*):/i.test(line),
      )
      .map(line => line.replace(/^[^:]+/, name => name.toLowerCase()))
      .toSorted();
    this.isOpen = status.startsWith('HTTP/1.1 101');
    this.#incoming = this.#incoming.subarray(end + 4);
    this.#isAnswered = true;
    this.#isEnding = headers.includes('connection: close');
    const body = this.isOpen ? '' : this.#incoming.toString();
    this.#wire.note(this.label, [status.slice('HTTP/1.1 '.length), ...headers, body].join(' | '));
    return this.isOpen;
  }

  #readFrame(): boolean {
    if (this.#incoming.length < 2) return false;
    const [first = 0, second = 0] = this.#incoming;
    const short = second & 0x7f;
    const at = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#incoming.length < at) return false;
    const length =
      short < 126
        ? short
        : short === 126
          ? this.#incoming.readUInt16BE(2)
          : Number(this.#incoming.readBigUInt64BE(2));
    if (this.#incoming.length < at + length) return false;
    const payload = this.#incoming.subarray(at, at + length);
    this.#incoming = this.#incoming.subarray(at + length);
    this.#take(first, payload);
    return true;
  }

  #take(first: number, payload: Buffer): void {
    const opcode = first & 0x0f;
    const whole = first >> 4 === 8 ? '' : ` (flags ${first >> 4})`;
    const text =
      opcode === 1
        ? payload.toString()
        : opcode === 8
          ? `close ${payload.length < 2 ? 'without a code' : payload.readUInt16BE(0)} ${payload.subarray(2).toString()}`.trimEnd()
          : `${['', '', 'binary'][opcode] ?? (opcode === 9 ? 'ping' : opcode === 10 ? 'pong' : `opcode ${opcode}`)} ${payload.toString('hex')}`.trimEnd();
    if (text === '2' && this.isBeating) return void this.send('3');
    const isBrief = this.isBrief && opcode === 8;
    if (!isFence(text) && !isBrief) this.#wire.note(this.label, `← ${text}${whole}`);
    this.#packets.push(text);
    if (opcode === 8 && this.polite) {
      this.frame({ opcode: 8, payload: payload.subarray(0, 2) });
      this.#socket.end();
    }
  }
}
