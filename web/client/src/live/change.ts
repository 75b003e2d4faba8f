import type { Notification, ServerEvents, WorkOrder } from '../generated/index.ts';

/** An event from the server with its name. */
export type ServerEvent = {
  [Name in keyof ServerEvents]: { kind: Name; payload: ServerEvents[Name] };
}[keyof ServerEvents];

/** Everything that can change the live state: what the server sends, and what it answered when asked. */
export type Change =
  | ServerEvent
  /** Rows of a list or of an answer to a write, which never carry the passcode. */
  | { kind: 'work_orders_read'; rows: readonly WorkOrder[]; seq: number }
  /** One order read by itself, passcode and all. */
  | { kind: 'work_order_read'; row: WorkOrder; seq: number }
  /** The server says there is no such order for this person. */
  | { kind: 'work_order_missing'; id: number; seq: number }
  /** The newest notifications, or with `after` the page that follows that cursor. */
  | {
      kind: 'notifications_read';
      rows: readonly Notification[];
      seq: number;
      cursor: string | null;
      after: string | null;
    }
  /** One notification as an answer to a write gave it. */
  | { kind: 'notification_written'; row: Notification; seq: number }
  | { kind: 'unread_read'; count: number; seq: number };
