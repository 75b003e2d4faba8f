import { priorities, type Status, type WorkOrder } from '@shopbell/client';
import { openStatuses } from '../workOrders/filter.ts';

/** A column for each status of work that goes on, in the order of a repair's life. */
export const columns = openStatuses;

/** What ends an order has no column: such orders grow without end. They are places to drop on. */
export const endings: readonly Status[] = ['picked_up', 'declined', 'cancelled'];

/** The orders of each column, the most pressing first. */
export function byStatus(rows: readonly WorkOrder[]): ReadonlyMap<Status, readonly WorkOrder[]> {
  const groups = new Map<Status, WorkOrder[]>(columns.map(status => [status, []]));
  for (const row of rows) groups.get(row.status)?.push(row);
  for (const group of groups.values()) group.sort(pressing);
  return groups;
}

function pressing(a: WorkOrder, b: WorkOrder): number {
  const byPriority = priorities.indexOf(b.priority) - priorities.indexOf(a.priority);
  return byPriority || compare(dueOf(a), dueOf(b)) || a.id - b.id;
}

/** Without a date comes last. */
const dueOf = ({ due_at }: WorkOrder) => (due_at === null ? Infinity : Date.parse(due_at));

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
