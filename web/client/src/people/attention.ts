import type { Connection } from '../connection/connection.ts';
import { Subscribers } from '../subscribers.ts';

/** What the browser knows of the person in front of it. */
export interface Use {
  isVisible(): boolean;
  /** Calls back until undone: when the person does something, and when the page is shown or hidden. */
  watch(heard: (sign: 'used' | 'shown' | 'hidden') => void): () => void;
}

/** `active`: at it; `idle`: the page is in sight, but nothing was done with it for a while; `away`: not in sight. */
export type AttentionState = 'active' | 'idle' | 'away';

/** In milliseconds. */
const IDLE_MS = 5 * 60_000;
const HEARTBEAT_MS = 60_000;

/** Whether the person is at this page, and the heartbeat that tells the server so. */
export class Attention {
  readonly #connection: Connection;
  readonly #use: Use;
  readonly #subscribers = new Subscribers();
  #state: AttentionState = 'active';
  #idle: ReturnType<typeof setTimeout> | undefined;
  #beatAt = -Infinity;

  constructor(connection: Connection, use: Use = browserUse) {
    this.#connection = connection;
    this.#use = use;
  }

  get state(): AttentionState {
    return this.#state;
  }

  /** Calls back after each change; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Watches until the result is called. */
  start(): () => void {
    const undo = this.#use.watch(sign => {
      if (sign === 'hidden') this.#hidden();
      else this.#used();
    });
    if (this.#use.isVisible()) this.#used();
    else this.#hidden();
    return () => {
      undo();
      clearTimeout(this.#idle);
    };
  }

  #used(): void {
    this.#become('active');
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#become('idle'), IDLE_MS);
    const now = performance.now();
    if (now - this.#beatAt >= HEARTBEAT_MS && this.#connection.emit('heartbeat')) this.#beatAt = now;
  }

  #hidden(): void {
    clearTimeout(this.#idle);
    this.#become('away');
  }

  #become(state: AttentionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#subscribers.notify();
  }
}

const SIGNS = ['pointerdown', 'keydown', 'wheel'] as const;

/** The page's own; outside a browser nobody is ever idle. */
export const browserUse: Use = {
  isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
  watch(heard) {
    if (typeof window === 'undefined') return () => {};
    const used = () => {
      if (this.isVisible()) heard('used');
    };
    const changed = () => heard(this.isVisible() ? 'shown' : 'hidden');
    for (const sign of SIGNS) window.addEventListener(sign, used, { passive: true });
    document.addEventListener('visibilitychange', changed);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, used);
      document.removeEventListener('visibilitychange', changed);
    };
  },
};
