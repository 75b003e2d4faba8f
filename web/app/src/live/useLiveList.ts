import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  withPending,
  type Answer,
  type ApiError,
  type Change,
  type Known,
  type LiveState,
  type Page,
  type ShopbellClient,
} from '@shopbell/client';
import { useClient, useLive, useOutboxItems } from '@shopbell/react';

interface Listed {
  id: number;
  updated_at: string;
}

/** What a list is of. The same object at every render. */
export interface ListKind<Row extends Listed, Filter> {
  name: string;
  object: 'work_order' | 'ticket';
  /** Rows to a page. */
  size: number;
  read: (client: ShopbellClient, filter: Filter, page: Page, signal: AbortSignal) => Promise<Answer<Row[]>>;
  /** The change that brings rows where events bring them too. */
  bring: (rows: readonly Row[], seq: number) => Change;
  known: (state: LiveState) => ReadonlyMap<number, Known<Row>>;
  /** Whether a row that the server has listed belongs to the list still. */
  stillBelongs: (filter: Filter, row: Row) => boolean;
  /** Whether a row that was heard of only since then belongs to it too. */
  belongs: (filter: Filter, row: Row) => boolean;
}

interface ListPage {
  ids: number[];
  /** The journal's head when the page was read. */
  seq: number;
  nextCursor: string | null;
}

/** A list in which what changes stays in its place, what is new comes on top, and what no longer fits goes. */
export function useLiveList<Row extends Listed, Filter>(kind: ListKind<Row, Filter>, filter: Filter) {
  const client = useClient();
  const known = useLive(kind.known);
  const items = useOutboxItems();

  const query = useInfiniteQuery<ListPage, ApiError, { pages: ListPage[] }, unknown[], string | undefined>({
    queryKey: [kind.name, filter],
    initialPageParam: undefined,
    getNextPageParam: page => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const page = { limit: kind.size, cursor: pageParam };
      const { data, seq, nextCursor } = await kind.read(client, filter, page, signal);
      // The rows go where events go too; the list itself keeps only which and in what order.
      client.store.apply(kind.bring(data, seq));
      return { ids: data.map(row => row.id), seq, nextCursor };
    },
  });

  const pages = query.data?.pages;
  const rows = useMemo(() => {
    if (pages === undefined) return [];
    const listed = new Set(pages.flatMap(page => page.ids));
    const readAt = pages[0]?.seq ?? 0;
    const since: Row[] = [];
    const shown = (row: Row) => withPending(kind.object, row, items);
    for (const { row, seq } of known.values()) {
      if (!listed.has(row.id) && seq > readAt && kind.belongs(filter, row)) since.push(shown(row));
    }
    since.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    const before = [...listed]
      .flatMap(id => known.get(id)?.row ?? [])
      .map(shown)
      .filter(row => kind.stillBelongs(filter, row));
    return [...since, ...before];
  }, [pages, known, filter, kind, items]);

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

export type LiveList<Row> = Omit<ReturnType<typeof useLiveList>, 'rows'> & { rows: Row[] };
