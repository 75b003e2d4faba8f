import { useUnreadCount } from '@shopbell/react';
import { strings } from '../strings.ts';

/** The tab's title, with the unread count where a glance at the tabs finds it. */
export function PageTitle({ children }: { children: string }) {
  const unread = useUnreadCount() ?? 0;
  return <title>{`${unread > 0 ? `(${unread}) ` : ''}${children} · ${strings.product}`}</title>;
}
