import type { Notification, NotificationRead } from '../generated/index.ts';
import type { Change } from './change.ts';
import { inboxName, type LiveState } from './state.ts';

export function receiveNotification(state: LiveState, row: Notification, seq: number): LiveState {
  const known = state.notifications.get(row.id);
  if (state.deleted.has(row.id) || (known !== undefined && seq <= known.seq)) return state;
  return {
    ...state,
    notifications: new Map(state.notifications).set(row.id, { row, seq, arrived: seq }),
  };
}

export function putNotifications(state: LiveState, rows: readonly Notification[], seq: number): LiveState {
  const notifications = new Map(state.notifications);
  let changed = false;
  for (const row of rows) {
    const known = notifications.get(row.id);
    if (state.deleted.has(row.id) || (known !== undefined && seq <= known.seq)) continue;
    notifications.set(row.id, { row, seq, arrived: known?.arrived ?? 0 });
    changed = true;
  }
  return changed ? { ...state, notifications } : state;
}

type NotificationsRead = Extract<Change, { kind: 'notifications_read' }>;

export function readNotifications(state: LiveState, read: NotificationsRead): LiveState {
  const { filter, rows, seq, cursor, after } = read;
  const name = inboxName(filter);
  const known = state.inboxes.get(name);
  // A page of a list that was begun anew meanwhile does not join on.
  if (after !== null && after !== known?.cursor) return state;
  const ids = rows.map(row => row.id);
  // The first page begins the list anew: between it and what was known before there may be rows nobody has read.
  const inbox =
    known === undefined || after === null
      ? { ids: new Set(ids), seq, cursor }
      : { ...known, ids: new Set([...known.ids, ...ids]), cursor };
  return putNotifications({ ...state, inboxes: new Map(state.inboxes).set(name, inbox) }, rows, seq);
}

/** One notification as the answer to a write gave it. */
export function writeNotification(state: LiveState, row: Notification, seq: number): LiveState {
  const known = state.notifications.get(row.id);
  const next = putNotifications(state, [row], seq);
  if (next === state || known === undefined || known.row.is_read === row.is_read) return next;
  return countMarks(next, row.is_read ? -1 : 1, seq);
}

export function markNotifications(state: LiveState, mark: NotificationRead): LiveState {
  const isMeant =
    'ids' in mark
      ? (row: Notification) => mark.ids.includes(row.id)
      : (row: Notification) => row.id <= mark.upToId;
  const notifications = new Map(state.notifications);
  let changed = false;
  let marked = 0;
  for (const [id, known] of notifications) {
    if (!isMeant(known.row) || mark.seq <= known.seq) continue;
    if (known.row.is_read !== mark.isRead) marked++;
    notifications.set(id, { ...known, row: { ...known.row, is_read: mark.isRead }, seq: mark.seq });
    changed = true;
  }
  return changed ? countMarks({ ...state, notifications }, mark.isRead ? -marked : marked, mark.seq) : state;
}

/**
 * The count as it will be told next: the answer to a mark may be here before its events, and the bell must not go back
 * and forth in between.
 */
function countMarks(state: LiveState, change: number, seq: number): LiveState {
  if (state.unread === null || seq <= state.unread.seq || change === 0) return state;
  return { ...state, unread: { ...state.unread, count: Math.max(0, state.unread.count + change) } };
}

export function deleteNotifications(state: LiveState, ids: readonly number[]): LiveState {
  const fresh = ids.filter(id => !state.deleted.has(id));
  if (fresh.length === 0) return state;
  const notifications = new Map(state.notifications);
  for (const id of fresh) notifications.delete(id);
  return { ...state, notifications, deleted: new Set([...state.deleted, ...fresh]) };
}

export function countUnread(state: LiveState, count: number, seq: number): LiveState {
  if (state.unread !== null && seq < state.unread.seq) return state;
  if (state.unread !== null && state.unread.count === count && state.unread.seq === seq) return state;
  return { ...state, unread: { count, seq } };
}
