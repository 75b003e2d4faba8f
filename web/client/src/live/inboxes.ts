import type { Outbox } from '../outbox/outbox.ts';
import type { Api } from '../rest/api.ts';
import { Reading, type Surroundings } from './reading.ts';
import { inboxName, type InboxFilter } from './state.ts';
import type { LiveStore } from './store.ts';

/** The person's notifications: the lists of them, and what can be done with one. */
export class Inboxes {
  readonly #api: Api;
  readonly #surroundings: Surroundings;
  readonly #store: LiveStore;
  readonly #outbox: Outbox;
  readonly #unread: Reading;
  readonly #readings = new Map<string, Reading>();

  constructor(api: Api, surroundings: Surroundings, store: LiveStore, outbox: Outbox, unread: Reading) {
    this.#api = api;
    this.#surroundings = surroundings;
    this.#outbox = outbox;
    this.#store = store;
    this.#unread = unread;
  }

  /** The newest notifications that pass the filter. */
  inbox(filter: InboxFilter = {}): Reading {
    const name = inboxName(filter);
    let reading = this.#readings.get(name);
    if (reading === undefined) {
      reading = new Reading(this.#surroundings, () => this.#read(filter, null));
      this.#readings.set(name, reading);
    }
    return reading;
  }

  /** Reads the next page of an inbox, if there is one. */
  async readMore(filter: InboxFilter = {}): Promise<void> {
    const after = this.#store.state.inboxes.get(inboxName(filter))?.cursor;
    if (typeof after === 'string') await this.#read(filter, after);
  }

  /** Marks one notification, here at once with the answer and on the person's other tabs by the event. */
  async mark(id: number, isRead: boolean): Promise<void> {
    if ((await this.#outbox.run({ kind: 'notification', id, isRead })) !== null)
      await this.#countWithoutEvents();
  }

  /** Marks everything that was here when it was asked for; what arrives meanwhile stays unread. */
  async markAll(): Promise<void> {
    const upToId = Math.max(0, ...this.#store.state.notifications.keys());
    if ((await this.#outbox.run({ kind: 'all_notifications', upToId })) !== null)
      await this.#countWithoutEvents();
  }

  async delete(id: number): Promise<void> {
    const { seq } = await this.#api.deleteNotification(id);
    const timestamp = new Date().toISOString();
    this.#store.apply({ kind: 'notification_deleted', payload: { ids: [id], timestamp, seq } });
    await this.#countWithoutEvents();
  }

  async #read(filter: InboxFilter, after: string | null): Promise<void> {
    const { data, seq, nextCursor } = await this.#api.notifications({
      ...filter,
      cursor: after ?? undefined,
    });
    this.#store.apply({ kind: 'notifications_read', filter, rows: data, seq, cursor: nextCursor, after });
  }

  /** The event with the new count comes by the socket; when there is none, it is asked for. */
  async #countWithoutEvents(): Promise<void> {
    if (!this.#surroundings.connection.isConnected) await this.#unread.refresh();
  }
}
