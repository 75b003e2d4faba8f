import { useCallback, useMemo } from 'react';
import type { ApiError, Grown, HistoryEntry, LiveState, Note, Reading } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useReading } from './useReading.ts';

export interface Log<T> {
  rows: T[];
  /** Nothing is known yet. */
  isLoading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  /** Rejects with `ApiError` when the server refuses or cannot be reached. */
  loadMore: () => Promise<void>;
  /** Reads again. */
  retry: () => Promise<void>;
}

const byId = (a: Note, b: Note) => a.id - b.id;
const newestFirst = (a: HistoryEntry, b: HistoryEntry) => b.seq - a.seq;

/** The notes on an order, oldest first, as a conversation is read. */
export function useNotes(workOrderId: number): Log<Note> {
  const client = useClient();
  const more = useCallback(() => client.readMoreNotes(workOrderId), [client, workOrderId]);
  return useLog(client.notes(workOrderId), state => state.notes.get(workOrderId), byId, more);
}

/** What was done to an order, newest first. */
export function useHistory(workOrderId: number): Log<HistoryEntry> {
  const client = useClient();
  const more = useCallback(() => client.readMoreHistory(workOrderId), [client, workOrderId]);
  return useLog(client.history(workOrderId), state => state.history.get(workOrderId), newestFirst, more);
}

function useLog<T>(
  reading: Reading,
  select: (state: LiveState) => Grown<T> | undefined,
  order: (a: T, b: T) => number,
  loadMore: () => Promise<void>,
): Log<T> {
  const { error } = useReading(reading);
  const log = useLive(select);
  const rows = useMemo(() => [...(log?.rows.values() ?? [])].toSorted(order), [log, order]);
  return {
    rows,
    isLoading: log?.cursor === undefined && error === null,
    error,
    hasMore: typeof log?.cursor === 'string',
    loadMore,
    retry: reading.refresh,
  };
}
