import type { Ticket, TicketFilter, TicketStatus } from '@shopbell/client';

export const ticketStatuses: readonly TicketStatus[] = ['intake', 'converted', 'cancelled'];

/** What of the tickets is asked for, as the address bar keeps it. Without a status: those still in intake. */
export interface TicketListFilter {
  status?: TicketStatus | 'all';
  search?: string;
  /** Asked for by the customer's own page alone. */
  customer?: number;
}

/** Reads the address; what cannot be read is left out. */
export function parseTicketFilter(address: Record<string, unknown>): TicketListFilter {
  const filter: TicketListFilter = {};
  const status = (['all', ...ticketStatuses] as const).find(name => name === address['status']);
  if (status !== undefined && status !== 'intake') filter.status = status;
  // The router reads a search for digits as a number.
  const search = String((address['search'] as string | number | undefined) ?? '').trim();
  if (search !== '') filter.search = search;
  return filter;
}

export function ticketsToApi({ status = 'intake', search, customer }: TicketListFilter): TicketFilter {
  return { status: status === 'all' ? undefined : [status], search, customer_id: customer };
}

/** As for orders: the search is the server's to judge. */
export function ticketStillBelongs(filter: TicketListFilter, row: Ticket): boolean {
  const { status = 'intake', customer } = filter;
  return (
    (status === 'all' || status === row.status) && (customer === undefined || customer === row.customer_id)
  );
}

export function ticketBelongs(filter: TicketListFilter, row: Ticket): boolean {
  if (!ticketStillBelongs(filter, row)) return false;
  const search = filter.search?.toLowerCase();
  if (search === undefined) return true;
  return [row.number, row.customer_name, row.device, row.problem_description].some(text =>
    text.toLowerCase().includes(search),
  );
}
