import { useCallback, useMemo } from 'react';
import { newestFirst, type ApiError, type Notification } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useReading } from './useReading.ts';

export interface Notifications {
  /** Newest first. */
  notifications: Notification[];
  /** Nothing is known yet. */
  isLoading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  /** Each rejects with `ApiError` when the server refuses or cannot be reached. */
  loadMore: () => Promise<void>;
  mark: (id: number, isRead: boolean) => Promise<void>;
  markAllRead: () => Promise<void>;
  /** Reads again. */
  retry: () => Promise<void>;
}

/** The person's notifications, current while mounted, on every tab alike. */
export function useNotifications(): Notifications {
  const client = useClient();
  const { error } = useReading(client.inbox);
  const known = useLive(state => state.notifications);
  const cursor = useLive(state => state.notificationsCursor);
  const notifications = useMemo(() => newestFirst(known), [known]);
  const mark = useCallback((id: number, isRead: boolean) => client.markNotification(id, isRead), [client]);
  const markAllRead = useCallback(() => client.markAllNotifications(), [client]);
  const loadMore = useCallback(() => client.readMoreNotifications(), [client]);
  return {
    notifications,
    isLoading: cursor === undefined && error === null,
    error,
    hasMore: typeof cursor === 'string',
    loadMore,
    mark,
    markAllRead,
    retry: client.inbox.refresh,
  };
}
