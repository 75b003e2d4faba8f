import { Subscribers } from '../subscribers.ts';
import type { Change } from './change.ts';
import { reduce } from './reduce.ts';
import { emptyState, type LiveState } from './state.ts';

/** Holds the live state and tells who subscribed when it changed. */
export class LiveStore {
  readonly #subscribers = new Subscribers();
  #state: LiveState = emptyState;

  get state(): LiveState {
    return this.#state;
  }

  /** Calls back after each change; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  apply(change: Change): void {
    const next = reduce(this.#state, change);
    if (next === this.#state) return;
    this.#state = next;
    this.#subscribers.notify();
  }
}
