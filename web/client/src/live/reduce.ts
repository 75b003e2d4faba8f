import type { Change } from './change.ts';
import { addNote, grow, openNotes, openHistory, recordUpdate } from './reduceLog.ts';
import {
  countUnread,
  deleteNotifications,
  markNotifications,
  readNotifications,
  receiveNotification,
  writeNotification,
} from './reduceNotifications.ts';
import { putTicket, putWorkOrder, removeTicket, removeWorkOrder } from './reduceRows.ts';
import type { LiveState } from './state.ts';

/**
 * The one place where what is known changes. Events and answers arrive by two ways and in any order, so each is taken
 * only where it is not older than what is known: orders and tickets by `version`, the rest by `seq`. Gives back the same
 * state when nothing changed.
 */
export function reduce(state: LiveState, change: Change): LiveState {
  switch (change.kind) {
    case 'work_order_updated':
      return recordUpdate(putWorkOrder(state, change.payload.workOrder, change.payload.seq), change.payload);
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

    case 'repair_ticket_updated':
      return putTicket(state, change.payload.ticket, change.payload.seq);
    case 'tickets_read':
      return change.rows.reduce((before, row) => putTicket(before, row, change.seq), state);
    case 'repair_ticket_removed':
      return removeTicket(state, change.payload.ticketId, change.payload.seq);
    case 'ticket_missing':
      return removeTicket(state, change.id, change.seq);

    case 'notes_opened':
      return openNotes(state, change.workOrderId);
    case 'history_opened':
      return openHistory(state, change.workOrderId);
    case 'notes_read': {
      const notes = grow(state.notes, change, note => note.id);
      return notes === state.notes ? state : { ...state, notes };
    }
    case 'note_written':
      return addNote(state, change.row);
    case 'history_read': {
      const history = grow(state.history, change, entry => entry.seq);
      return history === state.history ? state : { ...state, history };
    }

    case 'notification_received':
      return receiveNotification(state, change.payload.notification, change.payload.seq);
    case 'notification_written':
      return writeNotification(state, change.row, change.seq);
    case 'notifications_read':
      return readNotifications(state, change);
    case 'notification_read':
      return markNotifications(state, change.payload);
    case 'notification_deleted':
      return deleteNotifications(state, change.payload.ids);
    case 'notification_count_updated':
      return countUnread(state, change.payload.unreadCount, change.payload.seq);
    case 'unread_read':
      return countUnread(state, change.count, change.seq);
  }
}
