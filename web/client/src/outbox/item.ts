import type { Code, FieldError, Notification } from '../generated/index.ts';
import type { ApiError } from '../rest/apiError.ts';
import type { Cursor } from '../live/cursor.ts';
import type { Command } from './command.ts';

/** Why the server does not want a command. */
export interface Refusal {
  code: ApiError['code'] | Code;
  message: string;
  errors: readonly FieldError[];
  /** With `version_mismatch`, the row as it is now. */
  data: unknown;
}

/** What is written down of a command until it is answered. */
export interface Kept {
  /** Where it stands in the person's order. */
  place: number;
  /** The name of this command on the server: whatever happens on the way, it is done once. */
  key: string;
  /** When the person did it, RFC 3339. */
  at: string;
  command: Command;
  refusal: Refusal | null;
}

/**
 * Where a command stands: `queued` on this device, `sent` (the request is under way, or answered and its event not seen
 * yet), `confirmed` once its event has been seen, `refused` by the server until the person has decided.
 */
export type CommandState = 'queued' | 'sent' | 'confirmed' | 'refused';

export interface OutboxItem extends Kept {
  state: CommandState;
  /** Where in the journal the change is; `null` before the answer. */
  done: Cursor | null;
  /** The id of what was made or changed; `null` before the answer. */
  result: number | null;
}

/** A command as it was written down, not sent yet. */
export function unsent(kept: Kept): OutboxItem {
  return { ...kept, state: kept.refusal === null ? 'queued' : 'refused', done: null, result: null };
}

/** Whether what it wants is not in the rows yet, and has to be shown on top of them. */
export const isPending = (item: OutboxItem): boolean =>
  item.state === 'queued' || (item.state === 'sent' && item.done === null);

/** The rows as the person has changed them, also where the server has not answered yet. */
export function withPending<Row extends { id: number }>(
  kind: 'work_order' | 'ticket',
  row: Row,
  items: readonly OutboxItem[],
): Row {
  const shown: Row & { technician_id?: unknown; technician_name?: string | null } = { ...row };
  let isChanged = false;
  for (const item of items) {
    const { command } = item;
    if (!isPending(item) || command.kind !== kind || command.id !== row.id) continue;
    const before = shown.technician_id;
    Object.assign(shown, command.patch);
    // The name comes with the answer.
    if (shown.technician_id !== before) shown.technician_name = shown.technician_id === null ? null : '…';
    isChanged = true;
  }
  return isChanged ? shown : row;
}

/** The same for a notification. */
export function withPendingMarks(row: Notification, items: readonly OutboxItem[]): Notification {
  let isRead = row.is_read;
  for (const item of items) {
    if (!isPending(item)) continue;
    if (item.command.kind === 'notification' && item.command.id === row.id) isRead = item.command.isRead;
    if (item.command.kind === 'all_notifications' && row.id <= item.command.upToId) isRead = true;
  }
  return isRead === row.is_read ? row : { ...row, is_read: isRead };
}

/** The number of unread ones as the person has left them. */
export function unreadWithPending(
  count: number,
  known: Iterable<{ row: Notification }>,
  items: readonly OutboxItem[],
): number {
  const rows = Array.from(known, ({ row }) => row);
  const shown = rows.map(row => withPendingMarks(row, items));
  const unread = (some: readonly Notification[]) => some.filter(row => !row.is_read).length;
  // "All" also means those that this page has not read.
  const isAll = items.some(item => isPending(item) && item.command.kind === 'all_notifications');
  return isAll ? unread(shown) : Math.max(0, count - unread(rows) + unread(shown));
}
