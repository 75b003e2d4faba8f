import type { ConnectionState, Priority, Role, Status, TicketStatus } from '@shopbell/client';
import { outbox } from './outbox.ts';

export const statuses: Record<Status, string> = {
  intake: 'Intake',
  diagnosing: 'Diagnosing',
  quoted: 'Quoted',
  awaiting_approval: 'Awaiting approval',
  pending: 'Pending',
  parts_ordered: 'Parts ordered',
  in_progress: 'In progress',
  testing: 'Testing',
  completed: 'Completed',
  ready_for_pickup: 'Ready for pickup',
  picked_up: 'Picked up',
  declined: 'Declined',
  cancelled: 'Cancelled',
};

/** What the button says that moves an order there. */
export const moves: Record<Status, string> = {
  intake: 'Back to intake',
  diagnosing: 'Diagnose',
  quoted: 'Quote',
  awaiting_approval: 'Ask for approval',
  pending: 'Queue for repair',
  parts_ordered: 'Order parts',
  in_progress: 'Start work',
  testing: 'Test',
  completed: 'Complete',
  ready_for_pickup: 'Ready for pickup',
  picked_up: 'Hand over',
  declined: 'Declined by customer',
  cancelled: 'Cancel order',
};

export const priorities: Record<Priority, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  urgent: 'Urgent',
};

export const roles: Record<Role, string> = {
  admin: 'Admin',
  manager: 'Manager',
  technician: 'Technician',
  front_desk: 'Front desk',
};

export const connection: Record<ConnectionState, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  unauthorized: 'Signed out',
};

export const connectionInFull: Record<ConnectionState | 'delayed', string> = {
  delayed: 'No live connection can be made. Changes by others show within a few seconds.',
  idle: 'Not connected: what you see does not change by itself.',
  connecting: 'Connecting to the server.',
  connected: 'Changes by others show here as they happen.',
  reconnecting: 'The connection was lost and is being made again. What you see may be out of date.',
  offline: 'This device has no network. What you see may be out of date.',
  unauthorized: 'Your session has ended.',
};

/** What the chip says besides. */
export const connectionExtras = {
  delayed: 'Live, with a delay',
  kept: outbox.kept,
  refused: outbox.refused,
};

export const ticketStatuses: Record<TicketStatus, string> = {
  intake: 'Intake',
  converted: 'Converted',
  cancelled: 'Cancelled',
};
