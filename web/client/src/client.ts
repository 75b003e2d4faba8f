import { Connection } from './connection/connection.ts';
import type { Signals } from './connection/browserSignals.ts';
import type { NotificationReceived, ServerEvents } from './generated/index.ts';
import type { ServerEvent } from './live/change.ts';
import { Reading } from './live/reading.ts';
import { Rooms } from './live/rooms.ts';
import { LiveStore } from './live/store.ts';
import { createApi, type Api } from './rest/api.ts';
import { ApiError } from './rest/apiError.ts';
import { tokensFrom, type TokenSource } from './session/tokenSource.ts';

export interface ClientOptions {
  /** The server's origin; empty for the page's own. */
  url?: string;
  /** A `Session`, or a callback that gives an access token from elsewhere (`null`: nobody is signed in). */
  tokens: TokenSource | (() => string | null | Promise<string | null>);
  signals?: Signals;
}

const EVENTS = [
  'work_order_updated',
  'work_order_removed',
  'work_order_assignment_update',
  'notification_received',
  'notification_count_updated',
  'notification_read',
] as const satisfies readonly (keyof ServerEvents)[];

/** Shopbell for one person: the connection, what is known, and the commands. */
export class ShopbellClient {
  readonly api: Api;
  readonly connection: Connection;
  readonly store = new LiveStore();
  readonly rooms: Rooms;
  /** The newest notifications. */
  readonly inbox: Reading;
  /** The number of unread ones. */
  readonly unread: Reading;
  readonly #workOrders = new Map<number, Reading>();
  #starts = 0;

  constructor({ url = '', tokens, signals }: ClientOptions) {
    const source = typeof tokens === 'function' ? tokensFrom(tokens) : tokens;
    this.api = createApi(url, source);
    this.connection = new Connection(url, source, signals);
    this.rooms = new Rooms(this.connection);
    this.inbox = new Reading(this.connection, () => this.#readInbox());
    this.unread = new Reading(this.connection, () => this.#readUnread());
    for (const kind of EVENTS) {
      this.connection.on(kind, payload => this.store.apply({ kind, payload } as ServerEvent));
    }
    this.connection.on('work_order_updated', event => {
      // The one field that no event carries has to be asked for when it, or the right to it, may have changed.
      const { data } = event;
      const mayHaveNewPasscode =
        event.action === 'assigned' || ('updatedFields' in data && data.updatedFields['device_passcode']);
      const reading = this.#workOrders.get(event.workOrderId);
      if (mayHaveNewPasscode && reading?.isWatched) void reading.refresh();
    });
  }

  /** Connects until the result is called; with several at once, until the last one is. */
  start(): () => void {
    this.#starts++;
    this.connection.start();
    let isStarted = true;
    return () => {
      if (!isStarted) return;
      isStarted = false;
      this.#starts--;
      // Not at once: React's StrictMode stops and starts again within one task, and that is one connection.
      queueMicrotask(() => {
        if (this.#starts === 0) this.connection.stop();
      });
    };
  }

  /** One order, read by itself; the row is in the store. */
  workOrder(id: number): Reading {
    let reading = this.#workOrders.get(id);
    if (reading === undefined) {
      reading = new Reading(this.connection, () => this.#readWorkOrder(id));
      this.#workOrders.set(id, reading);
    }
    return reading;
  }

  /** Calls back for each notification that is new to this page, as it arrives. */
  onNotification(heard: (event: NotificationReceived) => void): () => void {
    return this.connection.on('notification_received', heard);
  }

  /** Reads the next page of notifications, if there is one. */
  async readMoreNotifications(): Promise<void> {
    const after = this.store.state.notificationsCursor;
    if (typeof after !== 'string') return;
    const { data, seq, nextCursor } = await this.api.notifications({ cursor: after });
    this.store.apply({ kind: 'notifications_read', rows: data, seq, cursor: nextCursor, after });
  }

  /** Marks one notification, here at once with the answer and on the person's other tabs by the event. */
  async markNotification(id: number, isRead: boolean): Promise<void> {
    const { data, seq } = await this.api.patchNotification(id, { is_read: isRead });
    this.store.apply({ kind: 'notification_written', row: data, seq });
    await this.#countWithoutEvents();
  }

  /** Marks everything that was here when it was asked for; what arrives meanwhile stays unread. */
  async markAllNotifications(): Promise<void> {
    const upToId = Math.max(0, ...this.store.state.notifications.keys());
    const { seq } = await this.api.markAllRead({ up_to_id: upToId });
    const timestamp = new Date().toISOString();
    this.store.apply({ kind: 'notification_read', payload: { upToId, isRead: true, timestamp, seq } });
    await this.#countWithoutEvents();
  }

  /** The event with the new count comes by the socket; when there is none, it is asked for. */
  async #countWithoutEvents(): Promise<void> {
    if (!this.connection.isConnected) await this.unread.refresh();
  }

  async #readInbox(): Promise<void> {
    const { data, seq, nextCursor } = await this.api.notifications();
    this.store.apply({ kind: 'notifications_read', rows: data, seq, cursor: nextCursor, after: null });
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
      if (error instanceof ApiError && error.code === 'not_found') {
        const seq = this.store.state.workOrders.get(id)?.seq ?? 0;
        this.store.apply({ kind: 'work_order_missing', id, seq });
      }
      throw error;
    }
  }
}

export function createClient(options: ClientOptions): ShopbellClient {
  return new ShopbellClient(options);
}
