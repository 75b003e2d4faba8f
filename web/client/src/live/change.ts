import type {
  HistoryEntry,
  Note,
  Notification,
  ServerEvents,
  Ticket,
  WorkOrder,
} from '../generated/index.ts';
import type { InboxFilter } from './state.ts';

/** An event from the server with its name. */
export type ServerEvent = {
  [Name in keyof ServerEvents]: { kind: Name; payload: ServerEvents[Name] };
}[keyof ServerEvents];

/** The events that are journal rows: what they tell stays true after a reload. */
export const durableEvents = [
  'work_order_updated',
  'work_order_removed',
  'work_order_assignment_update',
  'repair_ticket_updated',
  'repair_ticket_removed',
  'notification_received',
  'notification_count_updated',
  'notification_read',
  'notification_deleted',
] as const satisfies readonly (keyof ServerEvents)[];

export type DurableEvent = Extract<ServerEvent, { kind: (typeof durableEvents)[number] }>;

/** Everything that can change the live state: what the server sends, and what it answered when asked. */
export type Change =
  | DurableEvent
  /** Rows of a list or of an answer to a write, which never carry the passcode. */
  | { kind: 'work_orders_read'; rows: readonly WorkOrder[]; seq: number }
  /** One order read by itself, passcode and all. */
  | { kind: 'work_order_read'; row: WorkOrder; seq: number }
  /** The server says there is no such order for this person. */
  | { kind: 'work_order_missing'; id: number; seq: number }
  | { kind: 'tickets_read'; rows: readonly Ticket[]; seq: number }
  | { kind: 'ticket_missing'; id: number; seq: number }
  /** Somebody begins to look at an order's notes or history: from here on events add to them. */
  | { kind: 'notes_opened' | 'history_opened'; workOrderId: number }
  /** The newest, or with `after` the page that follows that cursor. */
  | {
      kind: 'notes_read';
      workOrderId: number;
      rows: readonly Note[];
      cursor: string | null;
      after: string | null;
    }
  /** A note as the answer to its writing gave it. */
  | { kind: 'note_written'; row: Note }
  | {
      kind: 'history_read';
      workOrderId: number;
      rows: readonly HistoryEntry[];
      cursor: string | null;
      after: string | null;
    }
  | {
      kind: 'notifications_read';
      filter: InboxFilter;
      rows: readonly Notification[];
      seq: number;
      cursor: string | null;
      after: string | null;
    }
  /** One notification as an answer to a write gave it. */
  | { kind: 'notification_written'; row: Notification; seq: number }
  | { kind: 'unread_read'; count: number; seq: number };
