/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { backoff } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { browserSignals, type Signals } from '../connection/browserSignals.ts';
import type { LiveStore } from '../live/store.ts';
import type { Timeline } from '../live/timeline.ts';
import { report } from '../report.ts';
import type { Api } from '../rest/api.ts';
import { ApiError } from '../rest/apiError.ts';
import type { Answer } from '../rest/http.ts';
import { webLock, type Lock } from '../session/lock.ts';
import { SignedOut } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import { perform, rebase, rowRead, type Command } from './command.ts';
import { unsent, type Kept, type OutboxItem } from './item.ts';
import { isOwnFault, isPassing } from './trouble.ts';
import { memoryOutbox, type OutboxStorage } from './storage.ts';
import { alone, type Tabs } from './tabs.ts';
import { uuid } from './uuid.ts';

/** The most commands that one device keeps for a person. */
export const MOST_KEPT = 200;
/** In milliseconds: how long a request may take, and how long a person is kept waiting for it. */
const SEND_MS = 30_000;
const PATIENCE_MS = 4000;
/** How long a confirmed command still shows that it is. */
const CONFIRMED_MS = 4000;
/** A server that fails at one command this often will not do it; the others must not wait for ever. */
const MOST_FAILURES = 8;

export interface OutboxOptions {
  /** Whose changes these are; without, they are kept in memory alone. */
  person?: number | undefined;
  storage?: OutboxStorage | undefined;
  lock?: Lock | undefined;
  tabs?: Tabs | undefined;
  signals?: Signals | undefined;
  random?: (() => number) | undefined;
}

interface Surroundings {
  api: Api;
  connection: Connection;
  store: LiveStore;
  timeline: Timeline;
}

interface Waiter {
  resolve: (answer: Answer<unknown> | null) => void;
  reject: (error: unknown) => void;
}

/** What a person did, until the server has it: kept over reloads, sent in order, one at a time over all tabs. */
export class Outbox {
  readonly #around: Surroundings;
  readonly #person: number;
  readonly #storage: OutboxStorage;
  readonly #lock: Lock;
  readonly #tabs: Tabs;
  readonly #signals: Signals;
  readonly #random: () => number;
  readonly #subscribers = new Subscribers();
  readonly #waiters = new Map<number, Waiter>();
  #items: readonly OutboxItem[] = [];
  #isStarted = false;
  #isStopped = false;
  #sending: Promise<void> | null = null;
  #isAskedAgain = false;
  #failures = 0;
  /** When the server wants to be asked again; milliseconds of `performance.now()`. */
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #undos: (() => void)[] = [];

  constructor(around: Surroundings, options: OutboxOptions = {}) {
    const {
      person,
      storage,
      lock = webLock,
      tabs = alone,
      signals = browserSignals,
      random = Math.random,
    } = options;
    this.#around = around;
    this.#person = person ?? 0;
    this.#storage = person === undefined || storage === undefined ? memoryOutbox() : storage;
    this.#lock = lock;
    this.#tabs = tabs;
    this.#signals = signals;
    this.#random = random;
    around.timeline.subscribe(() => this.#confirm());
  }

  /** In the order in which the person did them. */
  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** Calls back after each change of `items`; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Takes up what was kept, and sends whenever it can, until stopped. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#isStopped = false;
    this.#undos = [
      this.#around.connection.subscribe(() => {
        if (this.#around.connection.isConnected) this.#sendNow();
      }),
      this.#signals.watch(signal => {
        if (signal !== 'network_lost') this.#sendNow();
      }),
      this.#tabs.listen(message => this.#heardFromTab(message)),
    ];
    void this.#send();
  }

  stop(): void {
    this.#isStarted = false;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const undo of this.#undos.splice(0)) undo();
  }

  /**
   * Does something: keeps it first, then sends it. Gives the answer, or `null` where there is none in a moment: then it
   * stays here and shows where it stands. Rejects with `ApiError` when it was refused at once, which is for the caller to
   * show, and nothing is kept.
   */
  async run(command: Command): Promise<Answer<unknown> | null> {
    if (this.#items.filter(({ state }) => state !== 'confirmed').length >= MOST_KEPT) {
      const message = `This device already keeps ${MOST_KEPT} changes. Wait until they are sent.`;
      throw new ApiError('outbox_full', message, 0);
    }
    const item = await this.#keep(command);
    const outcome = new Promise<Answer<unknown> | null>((resolve, reject) => {
      this.#waiters.set(item.place, { resolve, reject });
    });
    const patience = setTimeout(() => this.#settle(item.place), PATIENCE_MS);
    if (this.#mayTry()) this.#sendNow();
    else this.#settle(item.place);
    return outcome.finally(() => clearTimeout(patience));
  }

  /** Gives a command up: the row is shown as it is on the server. */
  async dismiss(place: number): Promise<void> {
    // Not while any tab sends: what is on its way cannot be taken back.
    await this.#lock(this.#lockName, async () => {
      await this.#load();
      const state = this.#items.find(item => item.place === place)?.state;
      if (state === 'queued' || state === 'refused') await this.#forget(place);
    });
  }

  /** Sends a refused command again: a change of a row over what the row is now. */
  async retry(place: number): Promise<void> {
    const item = this.#items.find(one => one.place === place);
    if (item === undefined || item.refusal === null) return;
    const command = rebase(item.command, item.refusal, true)?.command ?? item.command;
    // Under a new name: the old one has its answer.
    await this.#rewrite(item, { command, refusal: null, key: uuid() });
    this.#sendNow();
  }

  /** Gives everything up that has not been sent. */
  async clear(): Promise<void> {
    for (const { place } of this.#items) await this.#forget(place);
  }

  get #lockName(): string {
    return `shopbell.outbox.${this.#person}`;
  }

  async #keep(command: Command): Promise<OutboxItem> {
    const kept: Kept = {
      place: 0,
      key: uuid(),
      at: new Date().toISOString(),
      command,
      refusal: null,
    };
    let place: number;
    try {
      place = await this.#storage.add(this.#person, kept);
    } catch (error) {
      // No room, or shut: it lives as long as the page does.
      report(error);
      place = (this.#items.at(-1)?.place ?? Date.now()) + 0.5;
    }
    const item = unsent({ ...kept, place });
    this.#become([...this.#items.filter(one => one.place !== place), item]);
    this.#tabs.tell({ kind: 'changed' });
    return item;
  }

  /** Whether there is any hope: browsers say "offline" wrongly now and then, and a connection knows better. */
  #mayTry(): boolean {
    return this.#around.connection.isConnected || this.#signals.isOnline();
  }

  #sendNow(): void {
    clearTimeout(this.#timer);
    void this.#send();
  }

  #sendIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStarted) this.#timer = setTimeout(() => void this.#send(), ms);
  }

  async #send(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#sending !== null) return this.#sending;
    this.#sending = (async () => {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        await this.#lock(this.#lockName, () => this.#sendAll());
      }
    })();
    try {
      await this.#sending;
    } catch (error) {
      report(error);
    } finally {
      this.#sending = null;
    }
  }

  async #sendAll(): Promise<void> {
    // Under the lock: what other tabs have added, sent or given up.
    await this.#load();
    while (!this.#isStopped && this.#mayTry()) {
      const item = this.#items.find(({ state }) => state === 'queued');
      if (item === undefined) return;
      const wait = this.#notBefore - performance.now();
      if (wait > 0) {
        for (const { place } of this.#items) this.#settle(place);
        this.#sendIn(wait);
        return;
      }
      if (!(await this.#sendOne(item))) return;
    }
  }

  /** Gives `false` when it is no use to go on now. */
  async #sendOne(item: OutboxItem): Promise<boolean> {
    const { api, store } = this.#around;
    this.#change(item.place, { state: 'sent' });
    try {
      const signal = AbortSignal.timeout(SEND_MS);
      const { answer, changes } = await perform(api, item.command, { key: item.key, signal });
      this.#failures = 0;
      store.applyAll(changes);
      const done = { epoch: answer.epoch, seq: answer.seq };
      const result = (answer.data as { id?: number } | null)?.id ?? null;
      this.#change(item.place, { done, result });
      await this.#drop(item.place);
      this.#tabs.tell({ kind: 'answered', place: item.place, done, result });
      this.#settle(item.place, answer);
      this.#confirm();
      return true;
    } catch (error) {
      return this.#failed(item, error);
    }
  }

  async #failed(item: OutboxItem, error: unknown): Promise<boolean> {
    const isAborted = error instanceof DOMException;
    if (error instanceof SignedOut || !(error instanceof ApiError || isAborted)) {
      this.#change(item.place, { state: 'queued' });
      if (!(error instanceof SignedOut)) report(error);
      this.#settle(item.place);
      return false;
    }
    const refusal = isAborted ? new ApiError('unreachable', 'The server did not answer.', 0) : error;
    const rebased = rebase(item.command, refusal);
    if (rebased !== null) {
      this.#around.store.apply(rebased.change);
      // Another command to the server: the old name has its answer.
      await this.#rewrite(item, { command: rebased.command, key: uuid() });
      return true;
    }
    if (isPassing(refusal) && !(isOwnFault(refusal) && this.#failures >= MOST_FAILURES)) {
      this.#change(item.place, { state: 'queued' });
      this.#settle(item.place);
      const wait = (refusal.retryAfter ?? 0) * 1000;
      this.#notBefore = performance.now() + wait;
      this.#sendIn(wait + backoff(this.#failures++, this.#random));
      return false;
    }
    this.#failures = 0;
    await this.#refused(item, refusal);
    return true;
  }

  async #refused(item: OutboxItem, refusal: ApiError): Promise<void> {
    const { command } = item;
    if (refusal.code === 'version_mismatch' && (command.kind === 'work_order' || command.kind === 'ticket')) {
      this.#around.store.apply(rowRead(command.kind, refusal.data as never));
    }
    const waiter = this.#waiters.get(item.place);
    if (waiter === undefined) {
      const { code, message, errors, data } = refusal;
      await this.#rewrite(item, { refusal: { code, message, errors, data } });
      return;
    }
    this.#waiters.delete(item.place);
    await this.#forget(item.place);
    waiter.reject(refusal);
  }

  #settle(place: number, answer: Answer<unknown> | null = null): void {
    this.#waiters.get(place)?.resolve(answer);
    this.#waiters.delete(place);
  }

  async #load(): Promise<void> {
    const before = new Set(this.#items.map(({ place }) => place));
    const kept = await this.#storage.load(this.#person);
    const known = new Map(this.#items.map(item => [item.place, item]));
    const places = new Set(kept.map(({ place }) => place));
    // Given up while it was read.
    const stillKept = kept.filter(({ place }) => known.has(place) || !before.has(place));
    const fresh = stillKept.map(one => {
      const item = known.get(one.place);
      return item?.state === 'sent' || item?.state === 'confirmed' ? item : unsent(one);
    });
    // Answered ones that are still shown, new ones, and what only memory holds. What another tab has dealt with is gone.
    const rest = this.#items.filter(
      ({ place, done }) =>
        !places.has(place) && (done !== null || !before.has(place) || !Number.isInteger(place)),
    );
    this.#become([...fresh, ...rest].toSorted((a, b) => a.place - b.place));
    for (const place of this.#waiters.keys()) {
      if (!this.#items.some(item => item.place === place)) this.#settle(place);
    }
  }

  #heardFromTab(message: Parameters<Parameters<Tabs['listen']>[0]>[0]): void {
    if (message.kind === 'answered') {
      const { place, done, result } = message;
      this.#settle(place);
      this.#change(place, { state: 'sent', done, result });
      this.#confirm();
    } else {
      // Shown at once; sent by whichever tab lives longest.
      this.#load().catch(report);
      this.#sendNow();
    }
  }

  /** Marks what has come back as an event, and lets go of what has been confirmed for a while. */
  #confirm(): void {
    for (const { place, state, done } of this.#items) {
      if (state !== 'sent' || done === null) continue;
      if (this.#around.timeline.isPast(done.epoch)) void this.#forget(place);
      else if (this.#around.timeline.hasSeen(done)) {
        this.#change(place, { state: 'confirmed' });
        setTimeout(() => this.#become(this.#items.filter(item => item.place !== place)), CONFIRMED_MS);
      }
    }
  }

  async #rewrite(item: OutboxItem, change: Partial<Kept>): Promise<void> {
    const { place, key, at, command, refusal }: Kept = { ...item, ...change };
    const kept = { place, key, at, command, refusal };
    this.#change(place, { ...kept, state: refusal === null ? 'queued' : 'refused' });
    if (Number.isInteger(place)) await this.#storage.put(this.#person, kept).catch(report);
    this.#tabs.tell({ kind: 'changed' });
  }

  async #forget(place: number): Promise<void> {
    this.#settle(place);
    this.#become(this.#items.filter(item => item.place !== place));
    await this.#drop(place);
    this.#tabs.tell({ kind: 'changed' });
  }

  async #drop(place: number): Promise<void> {
    await this.#storage.remove(this.#person, place).catch(report);
  }

  #change(place: number, change: Partial<OutboxItem>): void {
    this.#become(this.#items.map(item => (item.place === place ? { ...item, ...change } : item)));
  }

  #become(items: readonly OutboxItem[]): void {
    this.#items = items;
    this.#subscribers.notify();
  }
}
