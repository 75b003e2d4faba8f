/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { backoff } from '../connection/backoff.ts';
import type { Ack, Connection } from '../connection/connection.ts';
import type { ResyncRequired, SyncAck } from '../generated/index.ts';
import { report } from '../report.ts';
import type { Api } from '../rest/api.ts';
import { ApiError } from '../rest/apiError.ts';
import { SignedOut } from '../session/tokenSource.ts';
import { Subscribers } from '../subscribers.ts';
import { epochOf, type Cursor } from './cursor.ts';
import { durableEvents, type DurableEvent } from './change.ts';
import type { LiveStore } from './store.ts';

/** A `sync` of the longest absence that is made good takes seconds; one without an answer for this long is lost. */
const SYNC_MS = 60_000;
/** More than a `sync` may bring: the rows that are made good, and what was heard before it began. */
const MOST_HELD = 20_000;
/** So often a reading that the server fails at is tried again. */
const MOST_FAILURES = 4;
/** Rows to a page of `GET /api/events`. */
const PAGE = 100;
/** The most pages that one `poll` reads; the next one goes on. */
const MOST_PAGES = 110;

const names: ReadonlySet<string> = new Set(durableEvents);

/**
 * Keeps the store complete and in order: whichever way an event comes (live, by `sync`, by `GET /api/events`), it is
 * taken once, after all before it. Where the server cannot say what was missed, everything shown is read anew.
 */
export class Timeline {
  readonly #connection: Connection;
  readonly #api: () => Api;
  readonly #store: LiveStore;
  readonly #subscribers = new Subscribers();
  readonly #news = new Subscribers<[events: readonly DurableEvent[]]>();
  readonly #readers = new Set<() => Promise<void>>();
  /** Lives of the journal that have ended. */
  readonly #past = new Set<string>();
  #cursor: Cursor | null = null;
  /** Nothing after this was missed; what was read before it may lack something. */
  #since = 0;
  /** The last place that the server has named on this connection. */
  #heard: number | null = null;
  /** Events that wait for those before them; `null` while what comes joins on to the cursor. */
  #held: DurableEvent[] | null = null;
  #wasConnected = false;
  #syncing = 0;
  #rereading = 0;
  #isRereading = false;
  #poll: AbortController | null = null;

  /** Listens from now on. Before anything else does, so that what is heard is in the store when others hear it. */
  constructor(connection: Connection, api: () => Api, store: LiveStore) {
    this.#connection = connection;
    this.#api = api;
    this.#store = store;
    for (const kind of durableEvents) {
      const hear = (payload: DurableEvent['payload'], offset?: unknown) =>
        this.#hear({ kind, payload } as DurableEvent, epochOf(offset));
      connection.on(kind as string, hear);
    }
    connection.on('resync_required', required => this.#told(required));
    connection.subscribe(() => this.#connectionChanged());
  }

  get cursor(): Cursor | null {
    return this.#cursor;
  }

  /** Whether everything up to a place of the journal has been seen here. */
  hasSeen({ epoch, seq }: Cursor): boolean {
    const cursor = this.#cursor;
    return cursor !== null && cursor.seq >= seq && (epoch === null || (cursor.epoch ?? epoch) === epoch);
  }

  /** Whether a life of the journal is over. */
  isPast(epoch: string | null): boolean {
    return epoch !== null && this.#past.has(epoch);
  }

  /** Calls back after each move of the cursor; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Calls back with events that were new to this page, in order, once they are in the store. */
  onNews = (heard: (events: readonly DurableEvent[]) => void): (() => void) => this.#news.add(heard);

  /**
   * Adds something that is read again, until undone, when all that is shown has to be. It rejects when it failed for
   * now: then everything is tried again.
   */
  onReread = (read: () => Promise<void>): (() => void) => {
    const reader = () => read();
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  };

  /** Takes note of a REST answer, before its rows are used. `false`: it is of a journal that is no more. */
  witness({ seq, epoch }: { seq: number; epoch: string | null }, isRead: boolean): boolean {
    if (this.isPast(epoch)) return false;
    const cursor = this.#cursor;
    if (epoch !== null && cursor !== null && cursor.epoch !== null && epoch !== cursor.epoch) {
      this.#reread(null, epoch);
    } else if (epoch !== null && cursor?.epoch === null) {
      this.#moveTo({ ...cursor, epoch });
    }
    // Without an epoch, 0 is an answer that names no place.
    if (!isRead || (seq === 0 && epoch === null)) return true;
    if (this.#cursor === null) {
      this.#begin({ epoch, seq });
    } else if (seq < this.#since) {
      // What came between this answer and the first event that was heard is missing.
      this.#begin({ epoch: this.#cursor.epoch, seq });
      if (this.#connection.isConnected) void this.#sync();
    }
    return true;
  }

  /** Asks for what happened, when there is no socket to hear it by. Rejects with `ApiError` or `SignedOut`. */
  async poll(): Promise<void> {
    this.#poll?.abort();
    const poll = (this.#poll = new AbortController());
    try {
      for (let page = 0; page < MOST_PAGES && this.#cursor !== null; page++) {
        const before = this.#cursor;
        const { data, next } = await this.#api().events(before, PAGE, poll.signal);
        if (poll.signal.aborted || next === null || next <= before.seq) return;
        this.#take(
          data
            .filter(({ event }) => names.has(event))
            .map(({ event, payload }) => ({ kind: event, payload }) as DurableEvent),
          { epoch: before.epoch, seq: next },
        );
      }
    } catch (error) {
      if (poll.signal.aborted) return;
      if (!(error instanceof ApiError && error.code === 'resync_required')) throw error;
      this.#reread(null, null);
    }
  }

  #connectionChanged(): void {
    const { isConnected, state } = this.#connection;
    const isNew = isConnected && !this.#wasConnected;
    this.#wasConnected = isConnected;
    if (!isConnected) {
      // What was held is sent again: the cursor still stands before it.
      this.#syncing++;
      if (this.#held !== null) this.#held = [];
      this.#heard = null;
      // Nobody is here any more, or may ask: the next connection goes on.
      if (state === 'idle' || state === 'unauthorized') {
        this.#rereading++;
        this.#poll?.abort();
      }
    } else if (isNew) {
      this.#poll?.abort();
      if (this.#isRereading) void this.#readAll();
      const hasMissedNothing = this.#connection.socket.recovered && this.#held === null;
      if (this.#cursor !== null && !hasMissedNothing) void this.#sync();
    }
  }

  #hear(event: DurableEvent, epoch: string | null): void {
    const { seq } = event.payload;
    const cursor = this.#cursor;
    this.#heard = Math.max(seq, this.#heard ?? 0);
    if (epoch !== null && cursor !== null && cursor.epoch !== null && epoch !== cursor.epoch) {
      this.#heard = seq;
      this.#reread(seq, epoch);
      this.#tell(this.#store.applyAll([event]));
    } else if (this.#held !== null) {
      this.#held.push(event);
      if (this.#held.length > MOST_HELD) this.#reread(null, null);
    } else if (cursor === null) {
      this.#begin({ epoch, seq });
      this.#tell(this.#store.applyAll([event]));
    } else {
      this.#take([event], { epoch: epoch ?? cursor.epoch, seq: Math.max(seq, cursor.seq) });
    }
  }

  /** Takes events that join on to the cursor, and moves it. */
  #take(events: readonly DurableEvent[], to: Cursor): void {
    const after = this.#cursor?.seq ?? 0;
    const news = this.#store.applyAll(events.filter(({ payload }) => payload.seq > after));
    this.#moveTo(to);
    this.#tell(news);
  }

  #tell(news: readonly DurableEvent[]): void {
    if (news.length > 0) this.#news.notify(news);
  }

  #begin(cursor: Cursor): void {
    this.#since = cursor.seq;
    this.#moveTo(cursor);
  }

  #moveTo(cursor: Cursor | null): void {
    const before = this.#cursor;
    if (before?.seq === cursor?.seq && before?.epoch === cursor?.epoch) return;
    this.#cursor = cursor;
    this.#subscribers.notify();
  }

  /** Asks for what was missed until it has it, or the connection goes, or the server says that it cannot tell. */
  async #sync(): Promise<void> {
    const run = ++this.#syncing;
    const isOver = () => run !== this.#syncing || !this.#connection.isConnected;
    this.#held ??= [];
    for (let attempt = 0; this.#cursor !== null; attempt++) {
      const { seq: after, epoch } = this.#cursor;
      const ack = await this.#connection.requestWithin(SYNC_MS, 'sync', {
        after,
        ...(epoch !== null && { epoch }),
      });
      if (isOver()) return;
      if (ack.ok) {
        this.#synced(ack as unknown as SyncAck);
        return;
      }
      if (!isPassing(ack)) break;
      await pause(Math.max(ack.retryAfterMs ?? 0, backoff(attempt)));
      if (isOver()) return;
    }
    this.#reread(null, null);
  }

  #synced({ to, epoch }: SyncAck): void {
    const held = (this.#held ?? []).toSorted((a, b) => a.payload.seq - b.payload.seq);
    this.#held = null;
    this.#take(once(held), { epoch, seq: Math.max(to, held.at(-1)?.payload.seq ?? 0) });
  }

  #told({ reason, seq }: ResyncRequired): void {
    // The server no longer knows this page's session; the `sync` that follows every such connection may still do.
    if (reason === 'session') return;
    if (reason === 'epoch' && this.#cursor?.epoch) this.#past.add(this.#cursor.epoch);
    this.#reread(seq, null);
  }

  /**
   * Reads anew everything that is shown, and shows it in place of what was. `seq` is where the server goes on telling;
   * where it has not said, the lowest place that an answer names.
   */
  #reread(seq: number | null, epoch: string | null): void {
    const before = this.#cursor?.epoch ?? null;
    const isAnother = before !== null && epoch !== null && before !== epoch;
    if (isAnother) this.#past.add(before);
    const start = seq ?? (isAnother ? null : this.#heard);
    this.#syncing++;
    this.#held = null;
    this.#since = start ?? 0;
    this.#moveTo(
      start === null ? null : { epoch: epoch ?? (this.isPast(before) ? null : before), seq: start },
    );
    this.#store.beginAnew();
    void this.#readAll();
  }

  async #readAll(): Promise<void> {
    const run = ++this.#rereading;
    this.#isRereading = true;
    for (let attempt = 0; run === this.#rereading; attempt++) {
      const results = await Promise.allSettled(Array.from(this.#readers, read => read()));
      if (run !== this.#rereading) return;
      const failures = results.flatMap(result =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      if (failures.some(failure => failure instanceof SignedOut)) return;
      const passing = failures.find(failure => isWorthTrying(failure, attempt));
      if (passing === undefined) {
        this.#isRereading = false;
        this.#store.endAnew();
        return;
      }
      await pause(Math.max((passing.retryAfter ?? 0) * 1000, backoff(attempt)));
    }
  }
}

/**
 * Whether everything is to be read again because of this failure. What the server refuses is not there; and what it
 * always fails at must not keep the rest from being shown.
 */
function isWorthTrying(failure: unknown, attempt: number): failure is ApiError {
  if (!(failure instanceof ApiError)) {
    report(failure);
    return false;
  }
  return failure.isPassing && (failure.code !== 'internal_error' || attempt < MOST_FAILURES);
}

const isPassing = ({ code }: Extract<Ack, { ok: false }>) => code === 'unavailable' || code === 'conflict';

const pause = (ms: number) => new Promise<void>(resolve => void setTimeout(resolve, ms));

/**
 * Of events in order, each once. Not by its place alone: the greeting of a connection has that of the event before it.
 */
function once(events: readonly DurableEvent[]): DurableEvent[] {
  const seen = new Set<string>();
  return events.filter(({ kind, payload }) => {
    const name = `${payload.seq} ${kind}`;
    return !seen.has(name) && seen.add(name);
  });
}
