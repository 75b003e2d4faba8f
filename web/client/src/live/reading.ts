import { report } from '../report.ts';
import { ApiError } from '../rest/apiError.ts';
import { SignedOut } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import type { Connection } from '../connection/connection.ts';
import type { Timeline } from './timeline.ts';

/** What a reading listens to. */
export interface Surroundings {
  readonly connection: Connection;
  readonly timeline: Timeline;
}

/**
 * Something that is read from the server while somebody looks at it: once when the first one begins to look, again when
 * all that is shown has to be, and after a reconnection if it had failed. What happens in between is heard.
 */
export class Reading {
  readonly #read: () => Promise<void>;
  readonly #connection: Connection;
  readonly #timeline: Timeline;
  readonly #subscribers = new Subscribers();
  #watchers = 0;
  #run = 0;
  #unsubscribe: () => void = () => {};
  #isPending = false;
  #error: ApiError | null = null;

  constructor({ connection, timeline }: Surroundings, read: () => Promise<void>) {
    this.#connection = connection;
    this.#timeline = timeline;
    this.#read = read;
  }

  /** Whether an answer is on its way. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Why the last try failed. */
  get error(): ApiError | null {
    return this.#error;
  }

  /** Whether anybody looks at it. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** Keeps it read until undone, and calls back when `isPending` or `error` changed. */
  watch = (changed: () => void = () => {}): (() => void) => {
    const unsubscribe = this.#subscribers.add(changed);
    if (this.#watchers++ === 0) {
      const undos = [
        this.#connection.subscribe(() => {
          if (this.#connection.isConnected && this.#error !== null) void this.refresh();
        }),
        this.#timeline.onReread(() => this.#reread()),
      ];
      this.#unsubscribe = () => undos.forEach(undo => undo());
      void this.refresh();
    }
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      unsubscribe();
      if (--this.#watchers === 0) this.#unsubscribe();
    };
  };

  /** Reads now. Never rejects: `error` tells. */
  refresh = async (): Promise<void> => {
    const run = ++this.#run;
    this.#become(true, this.#error);
    try {
      await this.#read();
      if (run === this.#run) this.#become(false, null);
    } catch (error) {
      if (run !== this.#run) return;
      // Signed out: whoever shows this page is about to go with it.
      if (error instanceof SignedOut) this.#become(false, null);
      else if (error instanceof ApiError) this.#become(false, error);
      else {
        this.#become(false, null);
        report(error);
      }
    }
  };

  async #reread(): Promise<void> {
    await this.refresh();
    if (this.#error?.isPassing) throw this.#error;
  }

  #become(isPending: boolean, error: ApiError | null): void {
    if (isPending === this.#isPending && error === this.#error) return;
    this.#isPending = isPending;
    this.#error = error;
    this.#subscribers.notify();
  }
}
