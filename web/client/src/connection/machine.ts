import { backoff, PROBE_MS } from './backoff.ts';
import { browserSignals, type Signals } from './browserSignals.ts';
import { transitions, type ConnectionEvent, type ConnectionState } from './states.ts';
import { Subscribers } from '../subscribers.ts';

/** One way to the server: opens and closes when told, and reports `opened`, `dropped` or `refused`. */
export interface Link {
  open(): void;
  close(): void;
}

export interface MachineOptions {
  /** Makes the link, given the function that it reports through. */
  link: (report: (event: 'opened' | 'dropped' | 'refused') => void) => Link;
  signals?: Signals;
  random?: () => number;
}

/** Runs the table of `states.ts`: keeps the state, and does what entering it asks for. */
export class ConnectionMachine {
  readonly #link: Link;
  readonly #signals: Signals;
  readonly #random: () => number;
  readonly #subscribers = new Subscribers();
  #state: ConnectionState = 'idle';
  #attempt = 0;
  #trying = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: () => void = () => {};

  constructor({ link, signals = browserSignals, random = Math.random }: MachineOptions) {
    this.#link = link(event => this.#send(event));
    this.#signals = signals;
    this.#random = random;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls back after each change of state; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Connects and stays connected until stopped. Also the way out of `unauthorized` after signing in again. */
  start(): void {
    this.#send('start');
    if (!this.#signals.isOnline()) this.#send('network_lost');
  }

  stop(): void {
    this.#send('stop');
  }

  #send(event: ConnectionEvent): void {
    const next = transitions[this.#state][event];
    if (next === undefined) return;
    const before = this.#state;
    this.#state = next;
    if (event === 'opened' || event === 'dropped' || event === 'refused') this.#trying = false;
    this.#enter(next, event);
    if (next !== before) this.#subscribers.notify();
  }

  #enter(state: ConnectionState, event: ConnectionEvent): void {
    switch (state) {
      case 'idle':
      case 'unauthorized':
        this.#unwatch();
        this.#close();
        break;
      case 'connecting':
        this.#attempt = 0;
        this.#unwatch();
        this.#unwatch = this.#signals.watch(signal => this.#send(signal));
        this.#open();
        break;
      case 'connected':
        this.#attempt = 0;
        clearTimeout(this.#timer);
        break;
      case 'reconnecting':
        if (event === 'dropped') this.#retryIn(backoff(this.#attempt++, this.#random));
        else this.#open();
        break;
      case 'offline':
        if (event === 'network_lost') this.#close();
        if (event === 'network_lost' || event === 'dropped') this.#retryIn(PROBE_MS);
        else this.#open();
        break;
    }
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send('retry'), ms);
  }

  #open(): void {
    clearTimeout(this.#timer);
    // A second signal during an attempt must not begin another beside it.
    if (this.#trying) return;
    this.#trying = true;
    this.#link.open();
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#trying = false;
    this.#link.close();
  }
}
