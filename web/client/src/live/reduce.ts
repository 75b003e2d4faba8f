import type { Notification, NotificationRead, WorkOrder } from '../generated/index.ts';
import type { Change } from './change.ts';
import type { Known, LiveState } from './state.ts';

/**
 * The one place where what is known changes. Events and answers arrive by two ways and in any order, so each is taken
 * only where it is not older than what is known: orders by `version`, the rest by `seq`. Gives back the same state when
 * nothing changed.
 */
export function reduce(state: LiveState, change: Change): LiveState {
  switch (change.kind) {
    case 'work_order_updated':
      return putWorkOrder(state, change.payload.workOrder, change.payload.seq);
    case 'work_order_assignment_update': {
      const { workOrder, seq } = change.payload;
      // The previous technician gets a bare reference, and what it means for them by `work_order_removed`.
      return 'version' in workOrder ? putWorkOrder(state, workOrder, seq) : state;
    }
    case 'work_orders_read':
      return change.rows.reduce((before, row) => putWorkOrder(before, row, change.seq), state);
    case 'work_order_read':
      return putWorkOrder(state, change.row, change.seq, change.row.device_passcode);
    case 'work_order_removed':
      return removeWorkOrder(state, change.payload.workOrderId, change.payload.seq);
    case 'work_order_missing':
      return removeWorkOrder(state, change.id, change.seq);

    case 'notification_received':
      return putNotifications(state, [change.payload.notification], change.payload.seq);
    case 'notification_written':
      return putNotifications(state, [change.row], change.seq);
    case 'notifications_read':
      return readNotifications(state, change);
    case 'notification_read':
      return markNotifications(state, change.payload);
    case 'notification_count_updated':
      return countUnread(state, change.payload.unreadCount, change.payload.seq);
    case 'unread_read':
      return countUnread(state, change.count, change.seq);

    case 'event_error':
      return state;
  }
}

function putWorkOrder(state: LiveState, row: WorkOrder, seq: number, passcode?: string | null): LiveState {
  const removedAt = state.removed.get(row.id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  const known = state.workOrders.get(row.id);
  if (known !== undefined && row.version < known.row.version) return state;

  const next = { ...row, device_passcode: passcode === undefined ? keptPasscode(known?.row, row) : passcode };
  if (known !== undefined && isSame(known.row, next) && seq <= known.seq) return state;
  const removed = removedAt === undefined ? state.removed : without(state.removed, row.id);
  const newest = Math.max(seq, known?.seq ?? 0);
  return { ...state, removed, workOrders: new Map(state.workOrders).set(row.id, { row: next, seq: newest }) };
}

/** Only a read of the order itself gives the passcode; what is known stays while the right to it cannot have changed. */
function keptPasscode(known: WorkOrder | undefined, next: WorkOrder): string | null {
  return known?.technician_id === next.technician_id ? (known?.device_passcode ?? null) : null;
}

function isSame(a: WorkOrder, b: WorkOrder): boolean {
  return (Object.keys(b) as (keyof WorkOrder)[]).every(field => a[field] === b[field]);
}

function removeWorkOrder(state: LiveState, id: number, seq: number): LiveState {
  const known = state.workOrders.get(id);
  if (known !== undefined && seq < known.seq) return state;
  const removedAt = state.removed.get(id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  return {
    ...state,
    workOrders: without(state.workOrders, id),
    removed: new Map(state.removed).set(id, seq),
  };
}

function putNotifications(state: LiveState, rows: readonly Notification[], seq: number): LiveState {
  const notifications = new Map(state.notifications);
  let changed = false;
  for (const row of rows) {
    const known = notifications.get(row.id);
    if (known !== undefined && seq <= known.seq) continue;
    notifications.set(row.id, { row, seq });
    changed = true;
  }
  return changed ? { ...state, notifications } : state;
}

type NotificationsRead = Extract<Change, { kind: 'notifications_read' }>;

function readNotifications(state: LiveState, { rows, seq, cursor, after }: NotificationsRead): LiveState {
  if (after !== null) {
    // A page of a list that was begun anew meanwhile does not join on.
    if (after !== state.notificationsCursor) return state;
    return { ...putNotifications(state, rows, seq), notificationsCursor: cursor };
  }
  // The first page begins the list anew: between it and what was known before there may be rows nobody has read.
  const later = [...state.notifications].filter(([, known]) => known.seq > seq);
  const fresh = { ...state, notifications: new Map(later), notificationsCursor: cursor };
  return putNotifications(fresh, rows, seq);
}

function markNotifications(state: LiveState, mark: NotificationRead): LiveState {
  const isMeant =
    'ids' in mark
      ? (row: Notification) => mark.ids.includes(row.id)
      : (row: Notification) => row.id <= mark.upToId;
  const notifications = new Map(state.notifications);
  let changed = false;
  for (const [id, known] of notifications) {
    if (!isMeant(known.row) || mark.seq <= known.seq) continue;
    const marked: Known<Notification> = { row: { ...known.row, is_read: mark.isRead }, seq: mark.seq };
    notifications.set(id, marked);
    changed = true;
  }
  return changed ? { ...state, notifications } : state;
}

function countUnread(state: LiveState, count: number, seq: number): LiveState {
  if (state.unread !== null && seq < state.unread.seq) return state;
  if (state.unread !== null && state.unread.count === count && state.unread.seq === seq) return state;
  return { ...state, unread: { count, seq } };
}

function without<V>(map: ReadonlyMap<number, V>, id: number): ReadonlyMap<number, V> {
  const rest = new Map(map);
  rest.delete(id);
  return rest;
}
