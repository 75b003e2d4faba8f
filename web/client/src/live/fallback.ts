import type { Connection } from '../connection/connection.ts';
import { report } from '../report.ts';
import { ApiError } from '../rest/apiError.ts';
import { SignedOut } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import type { Timeline } from './timeline.ts';

/** In milliseconds: how often the server is asked when it cannot be heard, the first time after one such span. */
const EVERY_MS = 5000;

/** Asks over REST what happened while there is a network but no socket can be opened. */
export class Fallback {
  readonly #connection: Connection;
  readonly #timeline: Timeline;
  readonly #subscribers = new Subscribers();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #isWorking = false;

  constructor(connection: Connection, timeline: Timeline) {
    this.#connection = connection;
    this.#timeline = timeline;
    connection.subscribe(() => this.#connectionChanged());
  }

  /** Whether what is shown is kept current this way now. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** Calls back after each change of `isWorking`; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  #connectionChanged(): void {
    const isNeeded = this.#connection.state === 'reconnecting';
    if (isNeeded === this.#isAsking) return;
    this.#isAsking = isNeeded;
    clearTimeout(this.#timer);
    if (isNeeded) this.#askLater();
    else this.#become(false);
  }

  #askLater(): void {
    this.#timer = setTimeout(() => void this.#ask(), EVERY_MS);
  }

  async #ask(): Promise<void> {
    let isWorking = true;
    try {
      await this.#timeline.poll();
    } catch (error) {
      isWorking = false;
      if (!(error instanceof ApiError || error instanceof SignedOut)) report(error);
    }
    if (!this.#isAsking) return;
    this.#become(isWorking && this.#timeline.cursor !== null);
    this.#askLater();
  }

  #become(isWorking: boolean): void {
    if (isWorking === this.#isWorking) return;
    this.#isWorking = isWorking;
    this.#subscribers.notify();
  }
}
