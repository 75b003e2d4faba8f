import { Button } from '@mantine/core';
import { List } from '../look/List.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { strings } from '../strings.ts';
import type { useWorkOrderList } from './useWorkOrderList.ts';
import { WorkOrderRow } from './WorkOrderRow.tsx';
import styles from './WorkOrdersPage.module.css';

const words = strings.workOrders;

interface Props {
  list: ReturnType<typeof useWorkOrderList>;
  isFiltered: boolean;
  onClear: () => void;
  /** The orders that are selected, while orders are being selected. */
  selected: ReadonlySet<number> | null;
  onSelect: (id: number, isSelected: boolean) => void;
}

export function WorkOrderList({ list, isFiltered, onClear, selected, onSelect }: Props) {
  const head = (
    <div className={styles.columns} aria-hidden>
      <span>{words.columns.order}</span>
      <span>{words.columns.customer}</span>
      <span>{words.columns.technician}</span>
      <span>{words.columns.status}</span>
      <span>{words.columns.priority}</span>
      <span>{words.columns.due}</span>
    </div>
  );
  const empty = (
    <Nothing
      title={words.emptyTitle}
      text={isFiltered ? words.emptyFiltered : words.emptyAll}
      action={isFiltered && <Button onClick={onClear}>{words.clear}</Button>}
    />
  );
  return (
    <div className={styles.list} data-selecting={selected !== null || undefined}>
      <List list={list} label={words.title} words={words} empty={empty} head={head}>
        {list.rows.map(row => (
          <WorkOrderRow
            key={row.id}
            row={row}
            isSelected={selected === null ? null : selected.has(row.id)}
            onSelect={isSelected => onSelect(row.id, isSelected)}
          />
        ))}
      </List>
    </div>
  );
}
