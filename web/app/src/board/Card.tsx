import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type CSSProperties } from 'react';
import type { Status, WorkOrder } from '@shopbell/client';
import { useCommandState } from '@shopbell/react';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { due, isPast } from '../format.ts';
import { Avatar } from '../look/Avatar.tsx';
import { MoveIcon } from '../look/icons.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { strings } from '../strings.ts';
import { isBeforeDone } from '../workOrders/filter.ts';
import type { Drag, useDrag } from './useDrag.ts';
import styles from './Card.module.css';

const words = strings.board;

interface Props {
  row: WorkOrder;
  /** Where this person may move it. */
  legal: readonly Status[];
  onMove: (to: Status) => void;
  /** It came while the board was being looked at. */
  isNew: boolean;
  /** What makes it draggable, if it is. */
  handle: ReturnType<ReturnType<typeof useDrag>['handle']> | undefined;
  /** It is in the person's hand. */
  drag: Drag | null;
}

export function Card({ row, legal, onMove, isNew, handle, drag }: Props) {
  // What counts is whether the board stood when this card came, not whether it stands now.
  const [wasNew] = useState(isNew);
  const command = useCommandState('work_order', row.id);
  const isOverdue = row.due_at !== null && isBeforeDone(row.status) && isPast(row.due_at);
  return (
    // The place stays where it was while the card is in somebody's hand.
    <li className={styles.slot} style={drag === null ? undefined : { blockSize: drag.from.height }}>
      <div
        {...handle}
        className={styles.card}
        data-new={wasNew || undefined}
        data-movable={handle !== undefined || undefined}
        data-held={drag !== null || undefined}
        style={drag === null ? undefined : inHand(drag)}
      >
        <Link to="/work-orders/$id" params={{ id: String(row.id) }} className={styles.link} draggable={false}>
          <span className={styles.line}>
            <span className={styles.number}>{row.number}</span>
            <CommandMark item={command} isShort />
            {(row.priority === 'high' || row.priority === 'urgent') && (
              <PriorityMark priority={row.priority} />
            )}
          </span>
          <span className={styles.device}>{row.device}</span>
          <span className={styles.customer}>{row.customer_name}</span>
          <span className={styles.line}>
            {row.technician_name === null ? (
              <span className={styles.nobody}>{strings.workOrders.unassigned}</span>
            ) : (
              <span className={styles.technician}>
                <Avatar name={row.technician_name} isSmall />
                {row.technician_name}
              </span>
            )}
          </span>
          {row.due_at !== null && (
            <time className={styles.due} dateTime={row.due_at} data-overdue={isOverdue || undefined}>
              {due(row.due_at)}
            </time>
          )}
        </Link>
        {legal.length > 0 && (
          <Menu position="bottom-end" shadow="md" width={200} withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <button type="button" className={styles.move} aria-label={words.move(row.number)}>
                <MoveIcon />
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{words.moveTo}</Menu.Label>
              {legal.map(status => (
                <Menu.Item key={status} onClick={() => onMove(status)}>
                  {strings.statuses[status]}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </li>
  );
}

/** Above everything, so that no column cuts it off. */
function inHand({ from, x, y }: Drag): CSSProperties {
  return {
    position: 'fixed',
    insetBlockStart: from.top,
    insetInlineStart: from.left,
    inlineSize: from.width,
    transform: `translate(${x}px, ${y}px) rotate(1.5deg)`,
  };
}
