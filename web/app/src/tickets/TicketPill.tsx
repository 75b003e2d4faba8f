import type { TicketStatus } from '@shopbell/client';
import pill from '../look/StatusPill.module.css';
import { strings } from '../strings.ts';

/** As an order of the like status looks. */
const LIKE = { intake: 'intake', converted: 'completed', cancelled: 'cancelled' } as const;

export function TicketPill({ status }: { status: TicketStatus }) {
  return (
    <span className={pill.pill} data-status={LIKE[status]}>
      {strings.ticketStatuses[status]}
    </span>
  );
}
