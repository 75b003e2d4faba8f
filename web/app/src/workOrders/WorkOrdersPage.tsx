import { Button, Skeleton } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { PageTitle } from '../shell/PageTitle.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { strings } from '../strings.ts';
import type { ListFilter } from './filter.ts';
import { useWorkOrderList } from './useWorkOrderList.ts';
import { WorkOrderFilters } from './WorkOrderFilters.tsx';
import { WorkOrderRow } from './WorkOrderRow.tsx';
import styles from './WorkOrdersPage.module.css';

const route = getRouteApi('/shell/work-orders');
const words = strings.workOrders;

export function WorkOrdersPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useWorkOrderList(filter);
  // The history keeps places, not every letter of a search.
  const change = (next: ListFilter) => void navigate({ search: next, replace: true });

  return (
    <>
      <PageTitle>{words.title}</PageTitle>
      <div className={styles.head}>
        <h1>{words.title}</h1>
        {!list.isLoading && (
          <span className={styles.count}>{words.shown(list.rows.length, !list.hasMore)}</span>
        )}
      </div>
      <WorkOrderFilters filter={filter} onChange={change} />
      <Content list={list} filter={filter} onClear={() => change({})} />
    </>
  );
}

interface ContentProps {
  list: ReturnType<typeof useWorkOrderList>;
  filter: ListFilter;
  onClear: () => void;
}

function Content({ list, filter, onClear }: ContentProps) {
  if (list.isLoading) return <Loading />;
  if (list.error !== null && list.rows.length === 0) {
    const retry = <Button onClick={list.retry}>{strings.failure.retry}</Button>;
    return <Nothing isFailure title={words.failed} text={strings.refusal(list.error)} action={retry} />;
  }
  if (list.rows.length === 0) {
    const isFiltered = Object.keys(filter).length > 0;
    return (
      <Nothing
        title={words.emptyTitle}
        text={isFiltered ? words.emptyFiltered : words.emptyAll}
        action={isFiltered && <Button onClick={onClear}>{words.clear}</Button>}
      />
    );
  }
  return (
    <>
      <div className={styles.list} data-stale={list.isStale || undefined}>
        <div className={styles.columns} aria-hidden>
          <span>{words.columns.order}</span>
          <span>{words.columns.customer}</span>
          <span>{words.columns.technician}</span>
          <span>{words.columns.status}</span>
          <span>{words.columns.priority}</span>
          <span>{words.columns.due}</span>
        </div>
        <ul className={styles.rows} aria-label={words.title}>
          {list.rows.map(row => (
            <WorkOrderRow key={row.id} row={row} />
          ))}
        </ul>
      </div>
      {list.hasMore && (
        <Button
          variant="default"
          className={styles.more}
          loading={list.isLoadingMore}
          onClick={list.loadMore}
        >
          {words.more}
        </Button>
      )}
    </>
  );
}

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

function Loading() {
  return (
    <section className={styles.list} aria-busy aria-label={words.loading}>
      {PLACES.map(place => (
        <div key={place} className={styles.place}>
          <Skeleton height={14} width="45%" />
          <Skeleton height={12} width="70%" mt={8} />
        </div>
      ))}
    </section>
  );
}
