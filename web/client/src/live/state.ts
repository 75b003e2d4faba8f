import type {
  HistoryEntry,
  Note,
  Notification,
  NotificationType,
  Ticket,
  WorkOrder,
} from '../generated/index.ts';

/** A row and the place in the journal that it is known to be as new as. */
export interface Known<T> {
  row: T;
  seq: number;
}

export interface KnownNotification extends Known<Notification> {
  /** Where in the journal it last arrived; 0 for one that was only read. Being marked does not move it. */
  arrived: number;
}

/** Part of a list that only grows, by id or number. */
export interface Grown<T> {
  rows: ReadonlyMap<number, T>;
  /** Where what is older goes on; `null` when there is nothing older, `undefined` before anything was read. */
  cursor: string | null | undefined;
}

/** A list of notifications as far as it was read. */
export interface Inbox {
  ids: ReadonlySet<number>;
  /** The journal's head when the list was begun. */
  seq: number;
  cursor: string | null;
}

/** Which notifications an inbox has. */
export interface InboxFilter {
  unread?: true | undefined;
  type?: NotificationType | undefined;
}

/** What this person's page knows of the shop. Never changed in place. */
export interface LiveState {
  workOrders: ReadonlyMap<number, Known<WorkOrder>>;
  /** Orders that this person may not see, or no longer, by the place in the journal where that was so. */
  removed: ReadonlyMap<number, number>;
  tickets: ReadonlyMap<number, Known<Ticket>>;
  removedTickets: ReadonlyMap<number, number>;
  /** By work order, for those whose notes or history somebody has looked at. */
  notes: ReadonlyMap<number, Grown<Note>>;
  history: ReadonlyMap<number, Grown<HistoryEntry>>;
  notifications: ReadonlyMap<number, KnownNotification>;
  /** Those that are gone for good, so that an answer that was overtaken does not bring them back. */
  deleted: ReadonlySet<number>;
  /** By `inboxName`, for those that were read. */
  inboxes: ReadonlyMap<string, Inbox>;
  /** The number of unread notifications; `null` before it is known. */
  unread: { count: number; seq: number } | null;
}

export const emptyState: LiveState = {
  workOrders: new Map(),
  removed: new Map(),
  tickets: new Map(),
  removedTickets: new Map(),
  notes: new Map(),
  history: new Map(),
  notifications: new Map(),
  deleted: new Set(),
  inboxes: new Map(),
  unread: null,
};

export const inboxName = ({ unread, type }: InboxFilter): string => `${unread ?? ''} ${type ?? ''}`;

/** The notifications of an inbox, newest first: those that were read into it and those that arrived since. */
export function newestFirst(
  { notifications, inboxes }: Pick<LiveState, 'notifications' | 'inboxes'>,
  filter: InboxFilter = {},
): Notification[] {
  const inbox = inboxes.get(inboxName(filter));
  const rows: Notification[] = [];
  for (const { row, arrived } of notifications.values()) {
    const isListed = inbox === undefined ? arrived > 0 : inbox.ids.has(row.id) || arrived > inbox.seq;
    const isMeant = !(filter.unread && row.is_read) && (filter.type ?? row.type) === row.type;
    if (isListed && isMeant) rows.push(row);
  }
  return rows.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at) || b.id - a.id);
}
