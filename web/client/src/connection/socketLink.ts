import { io, type Socket } from 'socket.io-client';
import type { RefusalData } from '../generated/index.ts';
import { SignedOut, type TokenSource } from '../session/tokenSource.ts';
import type { Link } from './machine.ts';

/** An attempt that has not come to anything after this long is given up, in milliseconds. */
const ATTEMPT_MS = 10_000;
/** How long the server may take to look at a renewed token. */
const RENEW_MS = 10_000;

type Report = (event: 'opened' | 'dropped' | 'refused') => void;

/**
 * The stock Socket.IO client with its own reconnection switched off: when to try again is the machine's business. Asks
 * for a fresh token at every CONNECT; when the server refuses one, asks once for a better one.
 */
export class SocketLink implements Link {
  readonly socket: Socket;
  readonly #tokens: TokenSource;
  readonly #report: Report;
  /** Counts attempts, so that a token which arrives after its attempt has ended is not sent into the next. */
  #attempt = 0;
  #token = '';
  #hasRenewed = false;

  constructor(url: string, tokens: TokenSource, report: Report) {
    this.#tokens = tokens;
    this.#report = report;
    this.socket = io(url === '' ? undefined : url, {
      autoConnect: false,
      reconnection: false,
      timeout: ATTEMPT_MS,
      // WebSocket first saves three round trips; where something on the way forbids it, polling carries the same.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      // A client of its own for every connection: nothing shared with another `io()` of the same page.
      forceNew: true,
      auth: give => void this.#giveToken(give),
    });
    this.socket.on('connect', () => {
      this.#hasRenewed = false;
      this.#report('opened');
    });
    this.socket.on('disconnect', reason => {
      if (reason !== 'io client disconnect') this.#report('dropped');
    });
    this.socket.on('token_expiring', () => void this.#renewInPlace());
    this.socket.on('connect_error', error => void this.#failed(error));
  }

  open(): void {
    this.#attempt++;
    this.socket.connect();
  }

  close(): void {
    this.#attempt++;
    this.#hasRenewed = false;
    this.socket.disconnect();
  }

  async #giveToken(give: (auth: { token: string }) => void): Promise<void> {
    const attempt = this.#attempt;
    try {
      this.#token = await this.#tokens.access();
      if (attempt === this.#attempt) give({ token: this.#token });
    } catch (error) {
      if (attempt === this.#attempt) this.#giveUp(error);
    }
  }

  /** Gives the server a fresh token before the old one runs out, so that the connection need not be made again. */
  async #renewInPlace(): Promise<void> {
    const attempt = this.#attempt;
    try {
      const token = await this.#tokens.renew(this.#token);
      if (attempt !== this.#attempt || !this.socket.connected) return;
      const ack = (await this.socket.timeout(RENEW_MS).emitWithAck('authenticate', { token })) as {
        ok: boolean;
      };
      if (ack.ok && attempt === this.#attempt) this.#token = token;
    } catch {
      // Then the server closes the connection when the time has come, and the next CONNECT asks for a token.
    }
  }

  async #failed(error: Error & { data?: RefusalData }): Promise<void> {
    const code = error.data?.code;
    const isRefusal =
      code === 'authentication_required' || code === 'invalid_token' || code === 'token_expired';
    if (!isRefusal) {
      this.#report('dropped');
      return;
    }
    const attempt = this.#attempt;
    try {
      if (this.#hasRenewed) throw new SignedOut();
      this.#hasRenewed = true;
      await this.#tokens.renew(this.#token);
      if (attempt === this.#attempt) this.open();
    } catch (renewal) {
      if (attempt === this.#attempt) this.#giveUp(renewal);
    }
  }

  #giveUp(error: unknown): void {
    this.close();
    this.#report(error instanceof SignedOut ? 'refused' : 'dropped');
  }
}
