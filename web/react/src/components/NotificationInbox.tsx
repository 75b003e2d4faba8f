import { useState, type ReactNode } from 'react';
import { ApiError, type InboxFilter, type Notification } from '@shopbell/client';
import { useNotifications } from '../hooks/useNotifications.ts';
import { useUnreadCount } from '../hooks/useUnreadCount.ts';
import { Styles } from './styles.tsx';

export interface InboxLabels {
  markAllRead: string;
  /** What the button beside a notification does; its accessible name adds the notification's title. */
  markRead: string;
  markUnread: string;
  remove: string;
  loading: string;
  empty: ReactNode;
  more: string;
  retry: string;
  failed: (error: ApiError) => string;
  time: (timestamp: string) => string;
}

const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

const english: InboxLabels = {
  markAllRead: 'Mark all read',
  markRead: 'Mark read',
  markUnread: 'Mark unread',
  remove: 'Delete',
  loading: 'Loading…',
  empty: 'Nothing here yet.',
  more: 'Show older',
  retry: 'Try again',
  failed: error => error.message,
  time: timestamp => times.format(new Date(timestamp)),
};

export interface NotificationInboxProps {
  /** The person opened one; it is marked read. */
  onOpen?: (notification: Notification) => void;
  /** Which ones; all unless given. */
  filter?: InboxFilter;
  labels?: Partial<InboxLabels>;
  className?: string;
  /** Shown at the head, beside "mark all read". */
  heading?: ReactNode;
  /** An ornament before each one. */
  icon?: (notification: Notification) => ReactNode;
}

/** The person's notifications, newest first, with what can be done with them. */
export default function NotificationInbox({
  onOpen,
  filter,
  labels,
  className = '',
  heading,
  icon,
}: NotificationInboxProps) {
  const words = { ...english, ...labels };
  const inbox = useNotifications(filter);
  const unread = useUnreadCount();
  const [refusal, setRefusal] = useState<ApiError | null>(null);

  function attempt(command: Promise<void>) {
    setRefusal(null);
    command.catch((error: unknown) => {
      if (error instanceof ApiError) setRefusal(error);
    });
  }

  function open(notification: Notification) {
    if (!notification.is_read) attempt(inbox.mark(notification.id, true));
    onOpen?.(notification);
  }

  const failure = refusal ?? inbox.error;
  return (
    <section className={`shopbell-inbox ${className}`} aria-busy={inbox.isLoading}>
      <Styles />
      <div className="shopbell-inbox-head">
        {heading}
        <button
          type="button"
          className="shopbell-inbox-all"
          disabled={!unread}
          onClick={() => attempt(inbox.markAllRead())}
        >
          {words.markAllRead}
        </button>
      </div>
      {failure && (
        <p role="alert" className="shopbell-inbox-failure">
          {words.failed(failure)}{' '}
          {inbox.error && (
            <button type="button" onClick={() => attempt(inbox.retry())}>
              {words.retry}
            </button>
          )}
        </p>
      )}
      {inbox.isLoading && <p className="shopbell-inbox-loading">{words.loading}</p>}
      {!inbox.isLoading && !failure && inbox.notifications.length === 0 && (
        <div className="shopbell-inbox-empty">{words.empty}</div>
      )}
      <ul className="shopbell-inbox-list">
        {inbox.notifications.map(row => (
          <li key={row.id} className="shopbell-inbox-item" data-unread={row.is_read ? undefined : ''}>
            <button type="button" className="shopbell-inbox-open" onClick={() => open(row)}>
              {icon?.(row)}
              <span className="shopbell-inbox-title">
                {row.title}
                {row.event_count > 1 && <span className="shopbell-inbox-folded"> ×{row.event_count}</span>}
              </span>
              <span className="shopbell-inbox-message">{row.message}</span>
              <time className="shopbell-inbox-time" dateTime={row.updated_at}>
                {words.time(row.updated_at)}
              </time>
            </button>
            <button
              type="button"
              className="shopbell-inbox-mark"
              aria-label={`${row.is_read ? words.markUnread : words.markRead}: ${row.title}`}
              title={row.is_read ? words.markUnread : words.markRead}
              onClick={() => attempt(inbox.mark(row.id, !row.is_read))}
            />
            <button
              type="button"
              className="shopbell-inbox-remove"
              aria-label={`${words.remove}: ${row.title}`}
              title={words.remove}
              onClick={() => attempt(inbox.remove(row.id))}
            />
          </li>
        ))}
      </ul>
      {inbox.hasMore && (
        <button type="button" className="shopbell-inbox-more" onClick={() => attempt(inbox.loadMore())}>
          {words.more}
        </button>
      )}
    </section>
  );
}
