import { Link } from '@tanstack/react-router';
import type { Ticket } from '@shopbell/client';
import { useCommandState } from '@shopbell/react';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { moment } from '../format.ts';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { TicketPill } from './TicketPill.tsx';
import styles from './TicketRow.module.css';

export function TicketRow({ row }: { row: Ticket }) {
  const command = useCommandState('ticket', row.id);
  return (
    <li>
      <Link to="/tickets/$id" params={{ id: String(row.id) }} className={styles.row}>
        <span className={styles.ticket}>
          <span className={styles.device}>{row.device}</span>
          <span className={styles.about}>
            <span className={styles.number}>{row.number}</span>
            <CommandMark item={command} isShort />
            <span className={styles.problem}>{row.problem_description}</span>
          </span>
        </span>
        <span className={styles.customer}>{row.customer_name}</span>
        <span className={styles.status}>
          <Flash value={row.status}>
            <TicketPill status={row.status} />
          </Flash>
        </span>
        <span className={styles.priority} data-priority={row.priority}>
          <PriorityMark priority={row.priority} isShort />
        </span>
        <time className={styles.at} dateTime={row.created_at}>
          {moment(row.created_at)}
        </time>
      </Link>
    </li>
  );
}
