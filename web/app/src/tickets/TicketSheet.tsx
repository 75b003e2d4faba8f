import { Link } from '@tanstack/react-router';
import { edit, mayConvert, mayEditTicket, type Answer, type Ticket } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { PriorityField } from '../field/PriorityField.tsx';
import { WrittenField } from '../field/WrittenField.tsx';
import { name, optionalProse, requiredProse } from '../field/writing.ts';
import { Fact, Facts, Moment, Phone } from '../look/Facts.tsx';
import { Flash } from '../look/Flash.tsx';
import { useUser } from '../session/useSession.ts';
import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import { CancelTicket } from './CancelTicket.tsx';
import { ConvertTicket } from './ConvertTicket.tsx';
import { TicketPill } from './TicketPill.tsx';
import { TicketOutcome } from './TicketOutcome.tsx';
import styles from './TicketPage.module.css';

const words = strings.tickets;

/** A ticket with everything that this person may see and do. */
export function TicketSheet({ ticket }: { ticket: Ticket }) {
  const client = useClient();
  const user = useUser();
  const written = {
    row: ticket,
    mayEdit: mayEditTicket(user, ticket),
    editing: {
      kept: 'ticket' as const,
      patch: (row: Ticket, patch: Partial<Ticket>) =>
        client.outbox.run(edit('ticket', row, patch)) as Promise<Answer<Ticket> | null>,
      put: (row: Ticket) => {
        const seq = client.store.newest.tickets.get(row.id)?.seq ?? 0;
        client.store.apply({ kind: 'tickets_read', rows: [row], seq });
      },
    },
  };
  return (
    <article className={styles.sheet}>
      <PageTitle>{`${ticket.number} ${ticket.device}`}</PageTitle>
      <header className={styles.head}>
        <div className={styles.line}>
          <span className={styles.number}>{ticket.number}</span>
          <Flash value={ticket.status}>
            <TicketPill status={ticket.status} />
          </Flash>
        </div>
        <h1>{ticket.device}</h1>
        <p className={styles.customer}>
          <Link to="/customers/$id" params={{ id: String(ticket.customer_id) }}>
            {ticket.customer_name}
          </Link>
        </p>
      </header>

      <section className={styles.main}>
        <WrittenField
          {...written}
          field="problem_description"
          label={words.problem}
          writing={requiredProse}
        />
        <WrittenField {...written} field="notes" label={words.notes} writing={optionalProse} />
        <WrittenField {...written} field="device" label={words.device} writing={name} />
      </section>

      <section className={styles.next}>
        {mayConvert(ticket) ? <ConvertTicket ticket={ticket} /> : <TicketOutcome ticket={ticket} />}
      </section>

      <aside className={styles.aside}>
        <PriorityField {...written} />
        <Facts>
          <Phone name={words.phone} number={ticket.customer_phone} />
          <Fact name={words.submittedBy}>{ticket.submitted_by_name}</Fact>
          <Moment name={words.submitted} at={ticket.created_at} />
          <Moment name={words.updated} at={ticket.updated_at} />
        </Facts>
        <CancelTicket ticket={ticket} editing={written.editing} />
      </aside>
    </article>
  );
}
