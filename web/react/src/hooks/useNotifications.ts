import { useCallback, useMemo } from 'react';
import {
  inboxName,
  newestFirst,
  withPendingMarks,
  type ApiError,
  type InboxFilter,
  type Notification,
} from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useOutboxItems } from './useOutbox.ts';
import { useReading } from './useReading.ts';

export interface Notifications {
  /** Newest first. */
  notifications: Notification[];
  /** Nothing is known yet. */
  isLoading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  /**
   * Each rejects with `ApiError` when the server refuses; also when it cannot be reached, save the marks, which are kept
   * then and sent later.
   */
  loadMore: () => Promise<void>;
  mark: (id: number, isRead: boolean) => Promise<void>;
  markAllRead: () => Promise<void>;
  remove: (id: number) => Promise<void>;
  /** Reads again. */
  retry: () => Promise<void>;
}

const everything: InboxFilter = {};

/** The person's notifications, or those that pass the filter; current while mounted, on every tab alike. */
export function useNotifications({ unread, type }: InboxFilter = everything): Notifications {
  const { inboxes } = useClient();
  const filter = useMemo(() => ({ unread, type }), [unread, type]);
  const reading = inboxes.inbox(filter);
  const { error } = useReading(reading);
  const known = useLive(state => state.notifications);
  const lists = useLive(state => state.inboxes);
  const items = useOutboxItems();
  const notifications = useMemo(
    () =>
      newestFirst({ notifications: known, inboxes: lists }, filter)
        .map(row => withPendingMarks(row, items))
        .filter(row => !(filter.unread && row.is_read)),
    [known, lists, filter, items],
  );
  const cursor = lists.get(inboxName(filter))?.cursor;
  const mark = useCallback((id: number, isRead: boolean) => inboxes.mark(id, isRead), [inboxes]);
  const markAllRead = useCallback(() => inboxes.markAll(), [inboxes]);
  const remove = useCallback((id: number) => inboxes.delete(id), [inboxes]);
  const loadMore = useCallback(() => inboxes.readMore(filter), [inboxes, filter]);
  return {
    notifications,
    isLoading: cursor === undefined && error === null,
    error,
    hasMore: typeof cursor === 'string',
    loadMore,
    mark,
    markAllRead,
    remove,
    retry: reading.refresh,
  };
}
