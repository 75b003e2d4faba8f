import { report } from '../report.ts';
import { ApiError } from '../rest/apiError.ts';
import { SignedOut } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import type { Connection } from '../connection/connection.ts';

/**
 * Something that is read from the server while somebody looks at it: once when the first one begins to look, and again
 * after every reconnection, because what happened in between was not heard.
 */
export class Reading {
  readonly #read: () => Promise<void>;
  readonly #connection: Connection;
  readonly #subscribers = new Subscribers();
  #watchers = 0;
  #run = 0;
  #unsubscribe: () => void = () => {};
  #isPending = false;
  #error: ApiError | null = null;

  constructor(connection: Connection, read: () => Promise<void>) {
    this.#connection = connection;
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
      let wasConnected = this.#connection.isConnected;
      this.#unsubscribe = this.#connection.subscribe(() => {
        const { isConnected } = this.#connection;
        if (isConnected && !wasConnected) void this.refresh();
        wasConnected = isConnected;
      });
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

  #become(isPending: boolean, error: ApiError | null): void {
    if (isPending === this.#isPending && error === this.#error) return;
    this.#isPending = isPending;
    this.#error = error;
    this.#subscribers.notify();
  }
}
