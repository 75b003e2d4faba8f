import { Subscribers } from '../subscribers.ts';
import type { Change } from './change.ts';
import { reduce } from './reduce.ts';
import { emptyState, type LiveState } from './state.ts';

/** Holds the live state and tells who subscribed when it changed. */
export class LiveStore {
  readonly #subscribers = new Subscribers();
  #state: LiveState = emptyState;
  /** What takes the state's place once everything that is shown was read anew. */
  #next: LiveState | null = null;

  /** What is shown. */
  get state(): LiveState {
    return this.#state;
  }

  /** What the next change is made to: the state, or what is being read in its place. */
  get newest(): LiveState {
    return this.#next ?? this.#state;
  }

  /** Calls back after each change; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  apply(change: Change): void {
    this.applyAll([change]);
  }

  /** Makes the changes in order and tells of them once. Gives back those that changed anything. */
  applyAll<C extends Change>(changes: readonly C[]): C[] {
    const news: C[] = [];
    let state = this.newest;
    for (const change of changes) {
      const next = reduce(state, change);
      if (next !== state) news.push(change);
      state = next;
    }
    if (news.length === 0) return news;
    if (this.#next !== null) this.#next = state;
    else this.#show(state);
    return news;
  }

  /**
   * From here on changes go to a state that begins with nothing, so that no row stays which nobody has confirmed; what
   * was known is shown until `endAnew`.
   */
  beginAnew(): void {
    this.#next = emptyState;
  }

  endAnew(): void {
    if (this.#next === null) return;
    const next = this.#next;
    this.#next = null;
    this.#show(next);
  }

  #show(state: LiveState): void {
    this.#state = state;
    this.#subscribers.notify();
  }
}
