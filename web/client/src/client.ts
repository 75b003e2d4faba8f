import { Connection } from './connection/connection.ts';
import type { Signals } from './connection/browserSignals.ts';
import type { NotificationReceived } from './generated/index.ts';
import type { DurableEvent } from './live/change.ts';
import { Fallback } from './live/fallback.ts';
import { Inboxes } from './live/inboxes.ts';
import { Reading } from './live/reading.ts';
import { Rooms } from './live/rooms.ts';
import { LiveStore } from './live/store.ts';
import { Timeline } from './live/timeline.ts';
import { Outbox, type OutboxOptions } from './outbox/outbox.ts';
import { browserOutbox } from './outbox/storage.ts';
import { browserTabs } from './outbox/tabs.ts';
import { Attention, type Use } from './people/attention.ts';
import { Presence, workOrderOf, workOrderRoom } from './people/presence.ts';
import { Typing } from './people/typing.ts';
import { createApi, type Api } from './rest/api.ts';
import { ApiError } from './rest/apiError.ts';
import { tokensFrom, type TokenSource } from './session/tokenSource.ts';

export interface ClientOptions {
  /** The server's origin; empty for the page's own. */
  url?: string;
  /** A `Session`, or a callback that gives an access token from elsewhere (`null`: nobody is signed in). */
  tokens: TokenSource | (() => string | null | Promise<string | null>);
  signals?: Signals;
  use?: Use;
  /** Who this is, by id: what they do without a connection is then kept on this device until it is sent. */
  person?: number;
  outbox?: Omit<OutboxOptions, 'person' | 'signals'>;
}

/** How many notes or history entries are read at once. */
const PAGE = 50;
/** After a long absence, the toasts of a day would bury the page. */
const MOST_TOLD = 3;

/** Shopbell for one person: the connection, what is known, and the commands. */
export class ShopbellClient {
  readonly api: Api;
  readonly connection: Connection;
  readonly store = new LiveStore();
  readonly timeline: Timeline;
  readonly fallback: Fallback;
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly inboxes: Inboxes;
  readonly presence: Presence;
  readonly typing: Typing;
  readonly attention: Attention;
  /** The number of unread notifications. */
  readonly unread: Reading;
  readonly #readings = new Map<string, Reading>();
  #starts = 0;
  #unwatch: () => void = () => {};

  constructor({ url = '', tokens, signals, use, person, outbox }: ClientOptions) {
    const source = typeof tokens === 'function' ? tokensFrom(tokens) : tokens;
    this.connection = new Connection(url, source, signals);
    this.timeline = new Timeline(this.connection, () => this.api, this.store);
    this.api = createApi(url, source, (answer, isRead) => this.timeline.witness(answer, isRead));
    this.fallback = new Fallback(this.connection, this.timeline);
    this.outbox = new Outbox(this, {
      ...(person !== undefined && { person, storage: browserOutbox(), tabs: browserTabs(person) }),
      signals,
      ...outbox,
    });
    this.rooms = new Rooms(this.connection);
    this.presence = new Presence(this.connection, this.rooms);
    this.typing = new Typing(this.connection, this.rooms);
    this.attention = new Attention(this.connection, use);
    this.unread = new Reading(this, () => this.#readUnread());
    this.inboxes = new Inboxes(this.api, this, this.store, this.outbox, this.unread);
    this.timeline.onNews(events => events.forEach(event => this.#heard(event)));
    this.rooms.onLost(name => void this.#lostRoom(name));
    this.connection.on('resync_required', ({ reason }) => {
      // Who the person is comes with their token.
      if (reason === 'role')
        source
          .access()
          .then(source.renew.bind(source))
          .catch(() => {});
    });
  }

  /** Connects until the result is called; with several at once, until the last one is. */
  start(): () => void {
    if (this.#starts++ === 0) {
      this.#unwatch();
      this.#unwatch = this.attention.start();
      this.outbox.start();
    }
    this.connection.start();
    let isStarted = true;
    return () => {
      if (!isStarted) return;
      isStarted = false;
      this.#starts--;
      // Not at once: React's StrictMode stops and starts again within one task, and that is one connection.
      queueMicrotask(() => {
        if (this.#starts > 0) return;
        this.#unwatch();
        this.outbox.stop();
        this.connection.stop();
      });
    };
  }

  /** One order, read by itself; the row is in the store. */
  workOrder(id: number): Reading {
    return this.#reading(`work_order ${id}`, () => this.#readWorkOrder(id));
  }

  ticket(id: number): Reading {
    return this.#reading(`ticket ${id}`, () => this.#readTicket(id));
  }

  /** The newest notes on an order. */
  notes(workOrderId: number): Reading {
    return this.#reading(`notes ${workOrderId}`, async () => {
      this.store.apply({ kind: 'notes_opened', workOrderId });
      await this.#readNotes(workOrderId, null);
    });
  }

  /** The newest of what was done to an order. */
  history(workOrderId: number): Reading {
    return this.#reading(`history ${workOrderId}`, async () => {
      this.store.apply({ kind: 'history_opened', workOrderId });
      await this.#readHistory(workOrderId, null);
    });
  }

  /** Reads the notes before those that are known, if there are any. */
  async readMoreNotes(workOrderId: number): Promise<void> {
    const after = this.store.state.notes.get(workOrderId)?.cursor;
    if (typeof after === 'string') await this.#readNotes(workOrderId, after);
  }

  async readMoreHistory(workOrderId: number): Promise<void> {
    const after = this.store.state.history.get(workOrderId)?.cursor;
    if (typeof after === 'string') await this.#readHistory(workOrderId, after);
  }

  /** Calls back for each notification that is new to this page, as it arrives; after an absence for the newest few. */
  onNotification(heard: (event: NotificationReceived) => void): () => void {
    return this.timeline.onNews(events => {
      const received = events.flatMap(({ kind, payload }) =>
        kind === 'notification_received' ? payload : [],
      );
      received.slice(-MOST_TOLD).forEach(heard);
    });
  }

  #heard({ kind, payload }: DurableEvent): void {
    if (kind !== 'work_order_updated') return;
    const { action, data, workOrderId } = payload;
    // Who hears of an order may see it, also one that was taken from them and given back.
    this.rooms.regain(workOrderRoom(workOrderId));
    // The one field that no event carries has to be asked for when it, or the right to it, may have changed.
    const isNewPasscode =
      data !== null && 'updatedFields' in data && data.updatedFields['device_passcode'] === true;
    const reading = this.#readings.get(`work_order ${workOrderId}`);
    if ((action === 'assigned' || isNewPasscode) && reading?.isWatched) void reading.refresh();
  }

  /** Put out of an order's room: whether it is lost too, or was given back meanwhile, the server knows. */
  async #lostRoom(name: string): Promise<void> {
    const id = workOrderOf(name);
    // Mostly the event that takes it from sight has come before.
    if (id === null || this.store.newest.removed.has(id)) return;
    const reading = this.workOrder(id);
    await reading.refresh();
    if (reading.error === null) this.rooms.regain(name);
  }

  #reading(name: string, read: () => Promise<void>): Reading {
    let reading = this.#readings.get(name);
    if (reading === undefined) this.#readings.set(name, (reading = new Reading(this, read)));
    return reading;
  }

  async #readUnread(): Promise<void> {
    const { data, seq } = await this.api.notificationCount();
    this.store.apply({ kind: 'unread_read', count: data.unread, seq });
  }

  async #readWorkOrder(id: number): Promise<void> {
    try {
      const { data, seq } = await this.api.workOrder(id);
      this.store.apply({ kind: 'work_order_read', row: data, seq });
    } catch (error) {
      const seq = this.store.newest.workOrders.get(id)?.seq ?? 0;
      if (isNotFound(error)) this.store.apply({ kind: 'work_order_missing', id, seq });
      throw error;
    }
  }

  async #readTicket(id: number): Promise<void> {
    try {
      const { data, seq } = await this.api.ticket(id);
      this.store.apply({ kind: 'tickets_read', rows: [data], seq });
    } catch (error) {
      const seq = this.store.newest.tickets.get(id)?.seq ?? 0;
      if (isNotFound(error)) this.store.apply({ kind: 'ticket_missing', id, seq });
      throw error;
    }
  }

  async #readNotes(workOrderId: number, after: string | null): Promise<void> {
    const { data: rows, nextCursor: cursor } = await this.api.notes(workOrderId, page(after));
    this.store.apply({ kind: 'notes_read', workOrderId, rows, cursor, after });
  }

  async #readHistory(workOrderId: number, after: string | null): Promise<void> {
    const { data: rows, nextCursor: cursor } = await this.api.history(workOrderId, page(after));
    this.store.apply({ kind: 'history_read', workOrderId, rows, cursor, after });
  }
}

const page = (after: string | null) => ({ limit: PAGE, cursor: after ?? undefined });

const isNotFound = (error: unknown) => error instanceof ApiError && error.code === 'not_found';

export function createClient(options: ClientOptions): ShopbellClient {
  return new ShopbellClient(options);
}
