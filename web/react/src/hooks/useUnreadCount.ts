import { useClient } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useReading } from './useReading.ts';

/** The number of unread notifications as the server counts them; `null` before it is known. */
export function useUnreadCount(): number | null {
  useReading(useClient().unread);
  return useLive(state => state.unread?.count ?? null);
}
