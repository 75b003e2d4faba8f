import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Answer, ApiError, Customer } from '@shopbell/client';
import { useClient } from '@shopbell/react';

const PAGE = 50;

/** Customers by name. No event tells of them, so what is shown is what was read. */
export function useCustomers(search: string, isWanted = true, size = PAGE) {
  const client = useClient();
  const query = useInfiniteQuery<
    Answer<Customer[]>,
    ApiError,
    { pages: Answer<Customer[]>[] },
    unknown[],
    string | undefined
  >({
    queryKey: ['customers', search, size],
    enabled: isWanted,
    initialPageParam: undefined,
    getNextPageParam: page => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      client.api.customers(
        { search: search === '' ? undefined : search, limit: size, cursor: pageParam },
        signal,
      ),
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap(page => page.data) ?? [], [pages]);
  return {
    rows,
    isLoading: query.isPending,
    isStale: query.isPlaceholderData,
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  };
}
