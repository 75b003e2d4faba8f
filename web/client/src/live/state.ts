import type { Notification, WorkOrder } from '../generated/index.ts';

/** A row and the place in the journal that it is known to be as new as. */
export interface Known<T> {
  row: T;
  seq: number;
}

/** What this person's page knows of the shop. Never changed in place. */
export interface LiveState {
  workOrders: ReadonlyMap<number, Known<WorkOrder>>;
  /** Orders that this person may not see, or no longer, by the place in the journal where that was so. */
  removed: ReadonlyMap<number, number>;
  notifications: ReadonlyMap<number, Known<Notification>>;
  /** Where the list of notifications goes on; `null` at its end, `undefined` before it was read. */
  notificationsCursor: string | null | undefined;
  /** The number of unread notifications; `null` before it is known. */
  unread: { count: number; seq: number } | null;
}

export const emptyState: LiveState = {
  workOrders: new Map(),
  removed: new Map(),
  notifications: new Map(),
  notificationsCursor: undefined,
  unread: null,
};

/** Notifications as an inbox shows them: newest first. */
export function newestFirst(notifications: LiveState['notifications']): Notification[] {
  return [...notifications.values()]
    .map(known => known.row)
    .toSorted((a, b) => b.updated_at.localeCompare(a.updated_at) || b.id - a.id);
}
