import { useEffect, useMemo, useRef, useState } from 'react';
import type { Status, WorkOrder } from '@shopbell/client';
import { Confirm } from '../field/Confirm.tsx';
import { strings } from '../strings.ts';
import { isFinal, type Final } from '../workOrder/final.ts';
import { Card } from './Card.tsx';
import { byStatus, columns, endings } from './columns.ts';
import { useDrag } from './useDrag.ts';
import { useMoves } from './useMoves.ts';
import styles from './Board.module.css';

const words = strings.board;

/** The open orders by status. Cards move when the orders do, by whosever hand. */
export function Board({ rows }: { rows: readonly WorkOrder[] }) {
  const { move, legal } = useMoves();
  const groups = useMemo(() => byStatus(rows), [rows]);
  const [asked, setAsked] = useState<{ row: WorkOrder; to: Final } | null>(null);
  const board = useRef<HTMLDivElement>(null);
  const isSettled = useIsSettled();

  function choose(row: WorkOrder, to: Status) {
    if (isFinal(to) && legal(row).includes(to)) setAsked({ row, to });
    else move(row, to);
  }

  const { drag, handle } = useDrag((id, place) => {
    const row = rows.find(order => order.id === id);
    if (row !== undefined) choose(row, place as Status);
  });
  const held = drag === null ? undefined : rows.find(row => row.id === drag.id);
  const open = held === undefined ? null : legal(held);
  const stateOf = (status: Status) => {
    if (open === null || status === held?.status) return undefined;
    return open.includes(status) ? 'legal' : 'illegal';
  };

  return (
    <>
      <nav className={styles.goTo} aria-label={words.goTo}>
        {columns.map(status => (
          <button
            key={status}
            type="button"
            onClick={() =>
              board.current
                ?.querySelector(`[data-place="${status}"]`)
                ?.scrollIntoView({ inline: 'start', block: 'nearest', behavior: 'smooth' })
            }
          >
            {strings.statuses[status]} <span>{groups.get(status)?.length}</span>
          </button>
        ))}
      </nav>
      {asked !== null && (
        <div className={styles.asked}>
          <Confirm
            {...strings.workOrder.confirm[asked.to]}
            question={`${asked.row.number}: ${strings.workOrder.confirm[asked.to].question}`}
            no={strings.workOrder.confirm.no}
            onYes={() => {
              setAsked(null);
              move(asked.row, asked.to);
            }}
            onNo={() => setAsked(null)}
          />
        </div>
      )}
      <output className={styles.said}>{held !== undefined && words.dragging(held.number)}</output>
      <div ref={board} className={styles.board} data-board>
        {columns.map(status => {
          const cards = groups.get(status) ?? [];
          return (
            <section
              key={status}
              className={styles.column}
              aria-labelledby={`column-${status}`}
              data-place={status}
              data-state={stateOf(status)}
              data-over={drag?.over === status || undefined}
            >
              <h2 id={`column-${status}`} className={styles.title} data-status={status}>
                {strings.statuses[status]}
                <span className={styles.count}>{cards.length}</span>
              </h2>
              <ul className={styles.cards} aria-label={strings.statuses[status]}>
                {cards.map(row => (
                  <Card
                    key={row.id}
                    row={row}
                    legal={legal(row)}
                    onMove={to => choose(row, to)}
                    isNew={isSettled}
                    handle={legal(row).length > 0 ? handle(row.id) : undefined}
                    drag={drag?.id === row.id ? drag : null}
                  />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      {open !== null && endings.some(status => open.includes(status)) && (
        <div className={styles.endings}>
          <span>{words.close}</span>
          {endings
            .filter(status => open.includes(status))
            .map(status => (
              <div
                key={status}
                className={styles.ending}
                data-place={status}
                data-over={drag?.over === status || undefined}
              >
                {strings.statuses[status]}
              </div>
            ))}
        </div>
      )}
    </>
  );
}

/** Whether the board has stood for a moment: cards that come later are news. */
function useIsSettled(): boolean {
  const [isSettled, setIsSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSettled(true), 1000);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}
