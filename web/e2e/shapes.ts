// The contract's shapes: every key and its type. Compared with `toStrictEqual`, so a key too many fails as well.
import { expect } from 'vitest';
import type { Status } from './wire.ts';

/** As vitest's asymmetric matchers are typed. */
type Matcher = unknown;

export const statuses: readonly Status[] = [
  'intake',
  'diagnosing',
  'quoted',
  'awaiting_approval',
  'pending',
  'parts_ordered',
  'in_progress',
  'testing',
  'completed',
  'ready_for_pickup',
  'picked_up',
  'declined',
  'cancelled',
];

const number: Matcher = expect.any(Number);
const text: Matcher = expect.any(String);
/** RFC 3339 in UTC with milliseconds and `Z`. */
export const time: Matcher = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const money: Matcher = expect.stringMatching(/^\d+\.\d{2}$/);
const orNull = (matcher: Matcher): Matcher => expect.toBeOneOf([matcher, null]);

/** A work order in every detail; what the reader may not see is told apart with `hidden`. */
export const workOrder = {
  id: number,
  number: expect.stringMatching(/^\d{4}-\d{4}$/) as Matcher,
  ticket_id: orNull(number),
  customer_id: number,
  customer_name: text,
  customer_phone: orNull(text),
  customer_email: orNull(text),
  device: text,
  device_passcode: orNull(text),
  description: text,
  status: expect.toBeOneOf([...statuses]) as Matcher,
  priority: expect.toBeOneOf(['low', 'medium', 'high', 'urgent']) as Matcher,
  technician_id: orNull(number),
  technician_name: orNull(text),
  estimate_total: orNull(money),
  cost_total: orNull(money),
  due_at: orNull(time),
  started_at: orNull(time),
  completed_at: orNull(time),
  created_at: time,
  updated_at: time,
  version: number,
};

/** The same in an event, where the passcode never is. */
export const workOrderInEvent = { ...workOrder, device_passcode: null };

export const workOrderUpdated = {
  workOrderId: number,
  action: expect.toBeOneOf(['created', 'status_changed', 'assigned', 'updated', 'note_added']) as Matcher,
  workOrder: workOrderInEvent,
  timestamp: time,
  seq: number,
};

export const ticket = {
  id: number,
  number: expect.stringMatching(/^\d{4}-\d{4}$/) as Matcher,
  ticket_number: expect.stringMatching(/^\d{4}-\d{4}$/) as Matcher,
  customer_id: number,
  customer_name: text,
  customer_phone: orNull(text),
  device: text,
  problem_description: text,
  notes: orNull(text),
  status: expect.toBeOneOf(['intake', 'converted', 'cancelled']) as Matcher,
  priority: expect.toBeOneOf(['low', 'medium', 'high', 'urgent']) as Matcher,
  submitted_by: number,
  submitted_by_name: text,
  work_order_id: orNull(number),
  created_at: time,
  updated_at: time,
  version: number,
};

export const repairTicketUpdated = {
  ticketId: number,
  action: expect.toBeOneOf(['created', 'updated', 'converted', 'cancelled']) as Matcher,
  ticket,
  timestamp: time,
  seq: number,
};

/** `work_order_removed` of order `id`. */
export const removedOrder = (id: Matcher): object => ({ workOrderId: id, timestamp: time, seq: number });
/** `repair_ticket_removed` of ticket `id`. */
export const removedTicket = (id: Matcher): object => ({ ticketId: id, timestamp: time, seq: number });

export const note = {
  id: number,
  work_order_id: number,
  author_id: number,
  author_name: text,
  content: text,
  customer_visible: expect.any(Boolean) as Matcher,
  created_at: time,
};

export const notification = {
  id: number,
  user_id: number,
  type: expect.toBeOneOf(['work_order', 'repair_ticket']) as Matcher,
  title: text,
  message: text,
  title_key: text,
  message_key: text,
  message_params: expect.any(Object) as Matcher,
  reason: expect.toBeOneOf(['assigned', 'mentioned', 'watching', 'role', 'owner']) as Matcher,
  urgency: expect.toBeOneOf(['interrupt', 'normal', 'quiet']) as Matcher,
  is_read: expect.any(Boolean) as Matcher,
  // A summary of many orders is about none.
  related_entity_type: expect.toBeOneOf(['work_order', 'repair_ticket', null]) as Matcher,
  related_entity_id: orNull(number),
  event_count: number,
  created_at: time,
  updated_at: time,
};

export const viewer = { userId: number, userName: text, status: text };

/** A refusal in an acknowledgement. */
export function refusal(code: string): Record<string, unknown> {
  return { ok: false, code, message: text };
}

/** The body of a REST refusal. */
export function failure(code: string): Record<string, unknown> {
  return { status: 'fail', code, message: text, request_id: text };
}
