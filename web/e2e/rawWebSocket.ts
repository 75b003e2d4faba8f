// A WebSocket client that can misbehave: it writes whatever bytes a test wants after a proper handshake (RFC 6455).
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Json } from './rest.ts';
import type { Server } from './server.ts';

export interface Frame {
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  /** The three reserved bits, as one number. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the header says instead of the true length. */
  readonly claimedLength?: bigint;
}

const patienceMs = 10_000;

export class RawWebSocket {
  readonly #ended: Promise<number | undefined>;
  readonly #socket: Socket;
  #incoming = Buffer.alloc(0);
  #closeCode: number | undefined;
  readonly #texts: string[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#ended = new Promise(done => socket.once('close', () => done(this.#closeCode)));
    socket.on('error', () => {});
  }

  /**
   * Opens an Engine.IO session over WebSocket; with a token, or a whole auth payload, it also sends CONNECT and waits for
   * the answer.
   */
  static async open(server: Server, auth?: string | Json): Promise<RawWebSocket> {
    const socket = connect(server.port, '127.0.0.1');
    const raw = new RawWebSocket(socket);
    socket.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        `Host: 127.0.0.1:${server.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
    await raw.#handshake();
    socket.on('data', chunk => raw.#read(chunk));
    raw.#read(Buffer.alloc(0));
    await raw.text(text => text.startsWith('0{'));
    if (auth !== undefined) {
      raw.send({ payload: `40${JSON.stringify(typeof auth === 'string' ? { token: auth } : auth)}` });
      await raw.text(text => /^4[04]\{/.test(text));
    }
    return raw;
  }

  /** Resolves when the server has closed, with the close code where it sent one. */
  get closed(): Promise<number | undefined> {
    return new Promise((done, fail) => {
      const limit = setTimeout(() => fail(new Error('the server did not close the connection')), patienceMs);
      void this.#ended.then(code => {
        clearTimeout(limit);
        done(code);
      });
    });
  }

  /** Every text frame so far, as it came. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** The arguments of every event so far, its name first. */
  get events(): unknown[][] {
    return this.#texts
      .filter(text => text.startsWith('42'))
      .map(text => JSON.parse(text.slice(2)) as unknown[]);
  }

  /** What CONNECT was answered with. */
  get session(): { readonly sid: string; readonly pid?: string } {
    const answer = this.#texts.find(text => text.startsWith('40{'));
    if (answer === undefined) throw new Error(`no answer to CONNECT in ${this.#texts.join(' | ')}`);
    return JSON.parse(answer.slice(2)) as { sid: string; pid?: string };
  }

  /** Waits for the change of an order that has this number. */
  async seq(seq: number): Promise<void> {
    await this.text(text => text.startsWith('42["work_order_updated"') && text.includes(`"seq":${seq}}`));
  }

  /** Takes nothing off the line until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The first text frame for which this holds, past or to come. */
  async text(where: (text: string) => boolean): Promise<string> {
    return new Promise((done, fail) => {
      let at = 0;
      const limit = setTimeout(
        () => fail(new Error(`no such frame in ${this.#texts.join(' | ').slice(-10_000)}`)),
        patienceMs,
      );
      const look = (): void => {
        const found = this.#texts.slice(at).find(where);
        at = this.#texts.length;
        if (found === undefined) return;
        clearTimeout(limit);
        this.#watchers.delete(look);
        done(found);
      };
      this.#watchers.add(look);
      void this.#ended.then(() => fail(new Error('closed before the frame came')));
      look();
    });
  }

  send({ opcode = 1, payload = '', fin = true, reserved = 0, masked = true, claimedLength }: Frame): void {
    const body = Buffer.from(payload as string);
    const length = claimedLength ?? BigInt(body.length);
    const small = length < 126n;
    const medium = length < 65_536n;
    const size = Buffer.alloc(small ? 0 : medium ? 2 : 8);
    if (!small && medium) size.writeUInt16BE(Number(length));
    if (!small && !medium) size.writeBigUInt64BE(length);
    const second = (masked ? 0x80 : 0) | (small ? Number(length) : medium ? 126 : 127);
    const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
    const mask = masked ? randomBytes(4) : Buffer.alloc(0);
    const covered = masked ? body.map((byte, i) => byte ^ (mask[i % 4] ?? 0)) : body;
    this.bytes(Buffer.concat([Buffer.from([first, second]), size, mask, covered]));
  }

  /** Bytes as they are, frame or not. */
  bytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Gone without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  async #handshake(): Promise<void> {
    while (true) {
      const chunk = await new Promise<Buffer>((done, fail) => {
        this.#socket.once('data', done);
        this.#socket.once('close', () => fail(new Error('closed during the handshake')));
      });
      this.#incoming = Buffer.concat([this.#incoming, chunk]);
      const end = this.#incoming.indexOf('\r\n\r\n');
      if (end >= 0) {
        const head = this.#incoming.subarray(0, end).toString();
        if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${head}`);
        this.#incoming = this.#incoming.subarray(end + 4);
        return;
      }
    }
  }

  /** Takes whole frames off what came; a server's frames are unmasked. */
  #read(chunk: Buffer): void {
    this.#incoming = Buffer.concat([this.#incoming, chunk]);
    while (this.#incoming.length >= 2) {
      const [first = 0, second = 0] = this.#incoming;
      const short = second & 0x7f;
      const at = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#incoming.length < at) return;
      const length =
        short < 126
          ? short
          : short === 126
            ? this.#incoming.readUInt16BE(2)
            : Number(this.#incoming.readBigUInt64BE(2));
      if (this.#incoming.length < at + length) return;
      const payload = this.#incoming.subarray(at, at + length);
      this.#incoming = this.#incoming.subarray(at + length);
      const opcode = first & 0x0f;
      if (opcode === 1) this.#texts.push(payload.toString());
      if (opcode === 8) {
        this.#closeCode = length >= 2 ? payload.readUInt16BE(0) : undefined;
        this.#socket.end();
      }
      for (const look of this.#watchers) look();
    }
  }
}
