import type { Ticket } from '@shopbell/client';
import { useLiveList, type ListKind } from '../live/useLiveList.ts';
import { ticketBelongs, ticketsToApi, ticketStillBelongs, type TicketListFilter } from './filter.ts';

const kind: ListKind<Ticket, TicketListFilter> = {
  name: 'tickets',
  object: 'ticket',
  size: 50,
  read: (client, filter, page, signal) => client.api.tickets({ ...ticketsToApi(filter), ...page }, signal),
  bring: (rows, seq) => ({ kind: 'tickets_read', rows, seq }),
  known: state => state.tickets,
  stillBelongs: ticketStillBelongs,
  belongs: ticketBelongs,
};

export function useTicketList(filter: TicketListFilter) {
  return useLiveList(kind, filter);
}
