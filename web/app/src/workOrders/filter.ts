import {
  priorities,
  statuses,
  type Priority,
  type Status,
  type WorkOrder,
  type WorkOrderFilter,
} from '@shopbell/client';

/** What of the list is asked for, as the address bar keeps it. Without a status: the orders that are not closed. */
export interface ListFilter {
  /** Comma-separated statuses, or `all`. */
  status?: string;
  technician?: number;
  priority?: Priority;
  search?: string;
  /** Asked for by the customer's own page alone. */
  customer?: number;
}

const CLOSED: ReadonlySet<Status> = new Set(['picked_up', 'declined', 'cancelled']);

/** The statuses of work that is not finished with. */
export const openStatuses = statuses.filter(status => !CLOSED.has(status));

/** Once the bench has finished, the promise is kept. */
export const isBeforeDone = (status: Status): boolean =>
  openStatuses.includes(status) && openStatuses.indexOf(status) < openStatuses.indexOf('completed');

/** Reads the address; what cannot be read is left out. */
export function parseFilter(address: Record<string, unknown>): ListFilter {
  const filter: ListFilter = {};
  if (typeof address['status'] === 'string') {
    const known = address['status'] === 'all' ? ['all'] : address['status'].split(',').filter(isStatus);
    if (known.length > 0) filter.status = known.join(',');
  }
  const technician = Number(address['technician']);
  if (Number.isInteger(technician) && technician > 0) filter.technician = technician;
  const priority = priorities.find(name => name === address['priority']);
  if (priority !== undefined) filter.priority = priority;
  // The router reads a search for digits as a number.
  const search = String((address['search'] as string | number | undefined) ?? '').trim();
  if (search !== '') filter.search = search;
  return filter;
}

const isStatus = (word: string): word is Status => (statuses as readonly string[]).includes(word);

/** The statuses that are asked for; `null` is every one. */
export function statusesOf({ status }: ListFilter): readonly Status[] | null {
  if (status === 'all') return null;
  return status === undefined ? openStatuses : status.split(',').filter(isStatus);
}

/** What the address keeps for these statuses, in its shortest form. */
export function statusParameter(chosen: ReadonlySet<Status>): string | undefined {
  const inOrder = statuses.filter(status => chosen.has(status));
  if (inOrder.length === statuses.length || inOrder.length === 0) return 'all';
  const isOpen = inOrder.length === openStatuses.length && openStatuses.every(status => chosen.has(status));
  return isOpen ? undefined : inOrder.join(',');
}

export function toApi(filter: ListFilter): WorkOrderFilter {
  return {
    status: statusesOf(filter) ?? undefined,
    technician_id: filter.technician,
    priority: filter.priority && [filter.priority],
    customer_id: filter.customer,
    search: filter.search,
  };
}

/** Whether an order that the server has listed belongs to the list still. The search is the server's to judge. */
export function stillBelongs(filter: ListFilter, row: WorkOrder): boolean {
  const wanted = statusesOf(filter);
  return (
    (wanted === null || wanted.includes(row.status)) &&
    (filter.technician === undefined || filter.technician === row.technician_id) &&
    (filter.priority === undefined || filter.priority === row.priority) &&
    (filter.customer === undefined || filter.customer === row.customer_id)
  );
}

/** Whether an order that was heard of only since then belongs to it too. */
export function belongs(filter: ListFilter, row: WorkOrder): boolean {
  if (!stillBelongs(filter, row)) return false;
  const search = filter.search?.toLowerCase();
  if (search === undefined) return true;
  return [row.number, row.customer_name, row.device, row.description].some(text =>
    text.toLowerCase().includes(search),
  );
}
