import { report } from './report.ts';

/** A set of callbacks in which one that throws does not keep the others from being called. */
export class Subscribers<Args extends unknown[] = []> {
  readonly #callbacks = new Set<{ call: (...args: Args) => void }>();

  /** Adds a callback, the same one twice if asked twice; the result removes what this call added. */
  add(call: (...args: Args) => void): () => void {
    const entry = { call };
    this.#callbacks.add(entry);
    return () => {
      this.#callbacks.delete(entry);
    };
  }

  /** Removes every entry of this callback. */
  remove(call: (...args: Args) => void): void {
    for (const entry of this.#callbacks) if (entry.call === call) this.#callbacks.delete(entry);
  }

  get size(): number {
    return this.#callbacks.size;
  }

  notify(...args: Args): void {
    // A copy: a callback may add or remove others.
    for (const { call } of Array.from(this.#callbacks)) {
      try {
        call(...args);
      } catch (error) {
        report(error);
      }
    }
  }
}
