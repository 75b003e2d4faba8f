import type { ConnectionState } from '@shopbell/client';
import { useConnectionState } from '../contexts/WebSocketContext.tsx';

export interface ConnectionStatus {
  status: ConnectionState;
  isConnected: boolean;
}

/** Where the connection stands, for one's own look. */
export function useConnectionStatus(): ConnectionStatus {
  const status = useConnectionState();
  return { status, isConnected: status === 'connected' };
}
