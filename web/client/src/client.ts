import { Connection } from './connection/connection.ts';
import type { Signals } from './connection/browserSignals.ts';
import type { NewNote, NotificationReceived } from './generated/index.ts';
import { durableEvents, type DurableEvent } from './live/change.ts';
import { Inboxes } from './live/inboxes.ts';
import { Reading } from './live/reading.ts';
import { Rooms } from './live/rooms.ts';
import { LiveStore } from './live/store.ts';
import { Attention, type Use } from './people/attention.ts';
import { Presence } from './people/presence.ts';
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
}

/** How many notes or history entries are read at once. */
const PAGE = 50;

/** Shopbell for one person: the connection, what is known, and the commands. */
export class ShopbellClient {
  readonly api: Api;
  readonly connection: Connection;
  readonly store = new LiveStore();
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

  constructor({ url = '', tokens, signals, use }: ClientOptions) {
    const source = typeof tokens === 'function' ? tokensFrom(tokens) : tokens;
    this.api = createApi(url, source);
    this.connection = new Connection(url, source, signals);
    this.rooms = new Rooms(this.connection);
    this.presence = new Presence(this.connection, this.rooms);
    this.typing = new Typing(this.connection, this.rooms);
    this.attention = new Attention(this.connection, use);
    this.unread = new Reading(this.connection, () => this.#readUnread());
    this.inboxes = new Inboxes(this.api, this.connection, this.store, this.unread);
    for (const kind of durableEvents) {
      this.connection.on(kind, payload => this.store.apply({ kind, payload } as DurableEvent));
    }
    this.connection.on('work_order_updated', ({ action, data, workOrderId }) => {
      // The one field that no event carries has to be asked for when it, or the right to it, may have changed.
      const isNewPasscode =
        data !== null && 'updatedFields' in data && data.updatedFields['device_passcode'] === true;
      const reading = this.#readings.get(`work_order ${workOrderId}`);
      if ((action === 'assigned' || isNewPasscode) && reading?.isWatched) void reading.refresh();
    });
  }

  /** Connects until the result is called; with several at once, until the last one is. */
  start(): () => void {
    if (this.#starts++ === 0) {
      this.#unwatch();
      this.#unwatch = this.attention.start();
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

  async addNote(workOrderId: number, note: NewNote): Promise<void> {
    const { data } = await this.api.createNote(workOrderId, note);
    this.store.apply({ kind: 'note_written', row: data });
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

  /** Calls back for each notification that is new to this page, as it arrives. */
  onNotification(heard: (event: NotificationReceived) => void): () => void {
    return this.connection.on('notification_received', heard);
  }

  #reading(name: string, read: () => Promise<void>): Reading {
    let reading = this.#readings.get(name);
    if (reading === undefined) this.#readings.set(name, (reading = new Reading(this.connection, read)));
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
      const seq = this.store.state.workOrders.get(id)?.seq ?? 0;
      if (isNotFound(error)) this.store.apply({ kind: 'work_order_missing', id, seq });
      throw error;
    }
  }

  async #readTicket(id: number): Promise<void> {
    try {
      const { data, seq } = await this.api.ticket(id);
      this.store.apply({ kind: 'tickets_read', rows: [data], seq });
    } catch (error) {
      const seq = this.store.state.tickets.get(id)?.seq ?? 0;
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
