import { unreadWithPending } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useOutboxItems } from './useOutbox.ts';
import { useReading } from './useReading.ts';

/** The number of unread notifications as the server counts them and the person has left them; `null` before it is known. */
export function useUnreadCount(): number | null {
  useReading(useClient().unread);
  const count = useLive(state => state.unread?.count ?? null);
  const known = useLive(state => state.notifications);
  const items = useOutboxItems();
  return count === null || items.length === 0 ? count : unreadWithPending(count, known.values(), items);
}
