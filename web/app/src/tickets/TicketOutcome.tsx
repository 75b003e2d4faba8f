import type { Ticket } from '@shopbell/client';
import { LinkButton } from '../look/LinkButton.tsx';
import { strings } from '../strings.ts';

const words = strings.tickets;

/** What became of a ticket that is not in intake any more. */
export function TicketOutcome({ ticket }: { ticket: Ticket }) {
  if (ticket.status !== 'converted') return <p>{words.cancelled}</p>;
  if (ticket.work_order_id === null) return <p>{words.orderOutOfSight}</p>;
  return (
    <>
      <p>{words.converted}</p>
      <LinkButton to="/work-orders/$id" params={{ id: String(ticket.work_order_id) }} mt={10}>
        {words.openOrder}
      </LinkButton>
    </>
  );
}
