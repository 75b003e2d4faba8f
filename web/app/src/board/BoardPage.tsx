import { Button, Skeleton } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { mayOpenWorkOrders } from '@shopbell/client';
import { LinkButton } from '../look/LinkButton.tsx';
import { useUser } from '../session/useSession.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { strings } from '../strings.ts';
import type { ListFilter } from '../workOrders/filter.ts';
import { useWorkOrderList } from '../workOrders/useWorkOrderList.ts';
import { WorkOrderFilters } from '../workOrders/WorkOrderFilters.tsx';
import { Board } from './Board.tsx';
import styles from './BoardPage.module.css';

const route = getRouteApi('/shell/board');
const words = strings.board;

export function BoardPage() {
  const user = useUser();
  const { technician, priority, search } = route.useSearch();
  const navigate = route.useNavigate();
  // Open orders, whatever a link from the list says of statuses: those are the columns.
  const filter = useMemo<ListFilter>(
    () => ({
      ...(technician !== undefined && { technician }),
      ...(priority !== undefined && { priority }),
      ...(search !== undefined && { search }),
    }),
    [technician, priority, search],
  );
  const list = useWorkOrderList(filter);
  const { hasMore, isLoadingMore, loadMore, error } = list;
  // A board that lacks some of its cards would be wrong without showing it.
  useEffect(() => {
    if (hasMore && !isLoadingMore && error === null) loadMore();
  }, [hasMore, isLoadingMore, error, loadMore]);

  return (
    <div className={styles.page}>
      <PageHead
        title={words.title}
        count={!list.isLoading && strings.workOrders.shown(list.rows.length, !hasMore)}
      >
        {mayOpenWorkOrders(user) && <LinkButton to="/work-orders/new">{strings.newWorkOrder.add}</LinkButton>}
      </PageHead>
      <WorkOrderFilters
        filter={filter}
        hasStatus={false}
        onChange={next => void navigate({ search: next, replace: true })}
      />
      <Content list={list} />
    </div>
  );
}

function Content({ list }: { list: ReturnType<typeof useWorkOrderList> }) {
  if (list.isLoading) {
    return (
      <div className={styles.loading} aria-busy aria-label={strings.workOrders.loading}>
        {[5, 3, 4, 2, 3].map((cards, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- places, not things
          <Skeleton key={place} height={cards * 76} />
        ))}
      </div>
    );
  }
  if (list.error !== null && list.rows.length === 0) {
    const retry = <Button onClick={list.retry}>{strings.failure.retry}</Button>;
    const text = strings.refusal(list.error);
    return <Nothing isFailure title={strings.workOrders.failed} text={text} action={retry} />;
  }
  return <Board rows={list.rows} />;
}
