import type { ComponentProps } from 'react';
import { useUnreadCount } from '../hooks/useUnreadCount.ts';
import { Styles } from './styles.tsx';

export interface RealTimeNotificationBadgeProps extends Omit<
  ComponentProps<'button'>,
  'aria-label' | 'children' | 'type'
> {
  /** The button's accessible name; gets the number of unread notifications, 0 while it is not known. */
  label?: (unread: number) => string;
}

const english = (unread: number) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`);

/** A bell with the number of unread notifications, the same on every tab. */
export default function RealTimeNotificationBadge({
  className = '',
  label = english,
  ...button
}: RealTimeNotificationBadgeProps) {
  const unread = useUnreadCount() ?? 0;
  return (
    <button type="button" className={`shopbell-badge ${className}`} aria-label={label(unread)} {...button}>
      <Styles />
      <svg
        viewBox="0 0 24 24"
        width="22"
        height="22"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        aria-hidden
      >
        <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7Z" strokeLinejoin="round" />
        <path d="M10 20a2 2 0 0 0 4 0" strokeLinecap="round" />
      </svg>
      {unread > 0 && (
        <span className="shopbell-badge-count" aria-hidden>
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  );
}
