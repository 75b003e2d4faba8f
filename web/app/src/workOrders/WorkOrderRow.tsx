import { Link } from '@tanstack/react-router';
import type { WorkOrder } from '@shopbell/client';
import { useCommandState } from '@shopbell/react';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { due, isPast } from '../format.ts';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { StatusPill } from '../look/StatusPill.tsx';
import { strings } from '../strings.ts';
import { isBeforeDone } from './filter.ts';
import styles from './WorkOrderRow.module.css';

const words = strings.workOrders;

interface Props {
  row: WorkOrder;
  /** Whether it is, while orders are being selected. */
  isSelected?: boolean | null;
  onSelect?: (isSelected: boolean) => void;
}

export function WorkOrderRow({ row, isSelected = null, onSelect }: Props) {
  const command = useCommandState('work_order', row.id);
  return (
    <li className={styles.item} data-selected={isSelected || undefined}>
      {isSelected !== null && (
        <label className={styles.select}>
          <input
            type="checkbox"
            aria-label={strings.bulk.select(row.number)}
            checked={isSelected}
            onChange={event => onSelect?.(event.currentTarget.checked)}
          />
        </label>
      )}
      <Link to="/work-orders/$id" params={{ id: String(row.id) }} className={styles.row}>
        <span className={styles.order}>
          <span className={styles.device}>{row.device}</span>
          <span className={styles.about}>
            <span className={styles.number}>{row.number}</span>
            <CommandMark item={command} isShort />
            <Flash value={row.description}>
              <span className={styles.description}>{row.description}</span>
            </Flash>
          </span>
        </span>
        <span className={styles.customer}>{row.customer_name}</span>
        <span className={styles.technician} data-nobody={row.technician_id === null || undefined}>
          <Flash value={row.technician_id}>{row.technician_name ?? words.unassigned}</Flash>
        </span>
        <span className={styles.status}>
          <Flash value={row.status}>
            <StatusPill status={row.status} />
          </Flash>
        </span>
        <span className={styles.priority} data-priority={row.priority}>
          <Flash value={row.priority}>
            <PriorityMark priority={row.priority} isShort />
          </Flash>
        </span>
        <Due row={row} />
      </Link>
    </li>
  );
}

function Due({ row }: { row: WorkOrder }) {
  if (row.due_at === null) return <span className={styles.undue}>{words.noDue}</span>;
  const isOverdue = isBeforeDone(row.status) && isPast(row.due_at);
  return (
    <time className={styles.due} dateTime={row.due_at} data-overdue={isOverdue || undefined}>
      {due(row.due_at)}
    </time>
  );
}
