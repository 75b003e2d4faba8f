// A WebSocket client that can misbehave: it writes whatever bytes a test wants after a proper handshake (RFC 6455).
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
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
  /** Resolves when the server has closed, with the close code where it sent one. */
  readonly closed: Promise<number | undefined>;
  readonly #socket: Socket;
  #incoming = Buffer.alloc(0);
  #closeCode: number | undefined;
  readonly #texts: string[] = [];
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((done, fail) => {
      const limit = setTimeout(() => fail(new Error('the server did not close the connection')), patienceMs);
      socket.once('close', () => {
        clearTimeout(limit);
        done(this.#closeCode);
      });
    });
    // A test that does not ask whether it was closed must not fail for it.
    this.closed.catch(() => {});
    socket.on('error', () => {});
  }

  /** Opens an Engine.IO session over WebSocket; with a token it also sends CONNECT and waits for the answer. */
  static async open(server: Server, token?: string): Promise<RawWebSocket> {
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
    if (token !== undefined) {
      raw.send({ payload: `40${JSON.stringify({ token })}` });
      await raw.text(text => text.startsWith('40{'));
    }
    return raw;
  }

  /** The next text frame for which this holds, past or to come. */
  async text(where: (text: string) => boolean): Promise<string> {
    const limit = AbortSignal.timeout(patienceMs);
    while (true) {
      const found = this.#texts.find(where);
      if (found !== undefined) return found;
      // Woken by each frame; a loop, because the frame may be another one.
      await new Promise<void>((wake, fail) => {
        this.#wake = wake;
        limit.addEventListener('abort', () => fail(new Error(`no such frame in ${this.#texts.join(' | ')}`)));
        void this.closed.then(() => fail(new Error('closed before the frame came')));
      });
    }
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
      this.#wake();
    }
  }
}
