import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { ApiError, WorkOrder } from '@shopbell/client';
import { useClient, useConnectionStatus, useLive } from '@shopbell/react';
import { belongs, stillBelongs, toApi, type ListFilter } from './filter.ts';

const PAGE = 50;
const KEY = 'work-orders';

interface ListPage {
  ids: number[];
  /** The journal's head when the page was read. */
  seq: number;
  nextCursor: string | null;
}

/** A list of orders in which what changes stays in its place, what is new comes on top, and what no longer fits goes. */
export function useWorkOrderList(filter: ListFilter) {
  const client = useClient();
  const known = useLive(state => state.workOrders);
  useReadAgainAfterReconnection();

  const query = useInfiniteQuery<ListPage, ApiError, { pages: ListPage[] }, unknown[], string | undefined>({
    queryKey: [KEY, filter],
    initialPageParam: undefined,
    getNextPageParam: page => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const page = { limit: PAGE, cursor: pageParam };
      const { data, seq, nextCursor } = await client.api.workOrders({ ...toApi(filter), ...page }, signal);
      // The rows go where events go too; the list itself keeps only which and in what order.
      client.store.apply({ kind: 'work_orders_read', rows: data, seq });
      return { ids: data.map(row => row.id), seq, nextCursor };
    },
  });

  const pages = query.data?.pages;
  const rows = useMemo(() => {
    if (pages === undefined) return [];
    const listed = new Set(pages.flatMap(page => page.ids));
    const readAt = pages[0]?.seq ?? 0;
    const since: WorkOrder[] = [];
    for (const { row, seq } of known.values()) {
      if (!listed.has(row.id) && seq > readAt && belongs(filter, row)) since.push(row);
    }
    since.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    const before = [...listed]
      .flatMap(id => known.get(id)?.row ?? [])
      .filter(row => stillBelongs(filter, row));
    return [...since, ...before];
  }, [pages, known, filter]);

  return {
    rows,
    isLoading: query.isPending,
    /** What is shown belongs to the filter of before; the new one's answer is on its way. */
    isStale: query.isPlaceholderData,
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}

function useReadAgainAfterReconnection() {
  const queries = useQueryClient();
  const { isConnected } = useConnectionStatus();
  const wasConnected = useRef<boolean | null>(null);
  useEffect(() => {
    // Also at the first connection: what happened between the first answer and it was not heard.
    if (isConnected && wasConnected.current === false) void queries.invalidateQueries({ queryKey: [KEY] });
    wasConnected.current = isConnected;
  }, [isConnected, queries]);
}
