import { useSyncExternalStore } from 'react';
import type { ConnectionState } from '@shopbell/client';
import { useClient, useConnectionState } from '../contexts/WebSocketContext.tsx';

export interface ConnectionStatus {
  status: ConnectionState;
  isConnected: boolean;
}

/** Where the connection stands, for one's own look. */
export function useConnectionStatus(): ConnectionStatus {
  const status = useConnectionState();
  return { status, isConnected: status === 'connected' };
}

/** Whether changes by others come every few seconds only, because no socket can be opened. */
export function useIsDelayed(): boolean {
  const { fallback } = useClient();
  return useSyncExternalStore(
    fallback.subscribe,
    () => fallback.isWorking,
    () => false,
  );
}
