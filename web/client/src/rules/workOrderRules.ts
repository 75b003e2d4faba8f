import type { Priority, Status, User, WorkOrder } from '../generated/index.ts';

/*
 * What a person is offered. The server decides (`domain` holds the rules and their reasons); this only keeps the page
 * from offering what would be refused, so where the two differ a refusal is shown and nothing breaks.
 */

const MOVES: Readonly<Record<Status, readonly Status[]>> = {
  intake: ['diagnosing', 'quoted', 'pending', 'cancelled'],
  diagnosing: ['quoted', 'pending', 'parts_ordered', 'cancelled'],
  quoted: ['awaiting_approval', 'diagnosing', 'cancelled'],
  awaiting_approval: ['pending', 'declined', 'diagnosing', 'cancelled'],
  pending: ['in_progress', 'parts_ordered', 'diagnosing', 'cancelled'],
  parts_ordered: ['pending', 'in_progress', 'cancelled'],
  in_progress: ['testing', 'completed', 'parts_ordered', 'awaiting_approval', 'pending'],
  testing: ['completed', 'in_progress'],
  completed: ['ready_for_pickup', 'in_progress'],
  ready_for_pickup: ['picked_up', 'in_progress'],
  picked_up: [],
  declined: ['ready_for_pickup'],
  cancelled: [],
};

/** Every status in the order of a repair's life. */
export const statuses = Object.keys(MOVES) as readonly Status[];

/** Every priority, from the least urgent. */
export const priorities: readonly Priority[] = ['low', 'medium', 'high', 'urgent'];

/** Where an order in this status may go, the usual next step first. */
export function movesFrom(status: Status): readonly Status[] {
  return MOVES[status];
}

export type EditableField =
  'status' | 'priority' | 'description' | 'estimate_total' | 'cost_total' | 'due_at';

const OF_OWN_ORDERS: ReadonlySet<EditableField> = new Set([
  'status',
  'description',
  'estimate_total',
  'due_at',
]);

/** Whether this person may change this field of this order. */
export function mayEdit(user: User, field: EditableField, order: WorkOrder): boolean {
  switch (user.role) {
    case 'admin':
    case 'manager':
      return true;
    case 'front_desk':
      return field !== 'cost_total';
    case 'technician':
      return order.technician_id === user.id && OF_OWN_ORDERS.has(field);
  }
}

/** Whether this person may give the order to anybody. */
export function mayAssign(user: User): boolean {
  return user.role !== 'technician';
}

/** Whether this person may take the order for themselves. */
export function mayTake(user: User, order: WorkOrder): boolean {
  return user.role === 'technician' && order.technician_id === null;
}

/** Work cannot begin on an order that nobody has. */
export function needsTechnician(order: WorkOrder, to: Status): boolean {
  return order.status === 'pending' && to === 'in_progress' && order.technician_id === null;
}

/** Where this person may move this order now. */
export function movesOf(user: User, order: WorkOrder): readonly Status[] {
  if (!mayEdit(user, 'status', order)) return [];
  return MOVES[order.status].filter(to => !needsTechnician(order, to));
}
