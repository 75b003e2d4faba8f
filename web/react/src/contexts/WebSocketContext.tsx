import { createContext, use, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { Connection, ConnectionState, ShopbellClient } from '@shopbell/client';

const ClientContext = createContext<ShopbellClient | null>(null);

export interface WebSocketProviderProps {
  /** Made by `createClient`, one for each person who signs in. */
  client: ShopbellClient;
  children: ReactNode;
}

/** Connects while mounted, and lets what is inside use the connection. */
export function WebSocketProvider({ client, children }: WebSocketProviderProps) {
  useEffect(() => client.start(), [client]);
  return <ClientContext value={client}>{children}</ClientContext>;
}

/** The client of the provider around. */
export function useClient(): ShopbellClient {
  const client = use(ClientContext);
  if (client === null) throw new Error('There is no WebSocketProvider around this component.');
  return client;
}

/** Where the connection stands. */
export function useConnectionState(): ConnectionState {
  const { connection } = useClient();
  return useSyncExternalStore(
    connection.subscribe,
    () => connection.state,
    () => 'idle' as const,
  );
}

export interface WebSocketValue {
  /** The Socket.IO client underneath; the same one over reconnections. */
  socket: Connection['socket'];
  isConnected: boolean;
  status: ConnectionState;
  /** Wants to be in a room, now and after every reconnection, until `leaveRoom`. Counted: each join has its leave. */
  joinRoom: (room: string) => void;
  leaveRoom: (room: string) => void;
  /** Sends an event if the connection is up, and says whether it was. Never throws. */
  emit: (event: string, ...args: unknown[]) => boolean;
  /** Hears an event, over reconnections, until undone by the result or by `off`. */
  on: Connection['on'];
  off: Connection['off'];
}

/** The connection itself. Everything but `isConnected` and `status` stays the same object. */
export function useWebSocket(): WebSocketValue {
  const { connection, rooms } = useClient();
  const status = useConnectionState();
  return useMemo(
    () => ({
      socket: connection.socket,
      isConnected: status === 'connected',
      status,
      joinRoom: rooms.join,
      leaveRoom: rooms.leave,
      emit: connection.emit,
      on: connection.on,
      off: connection.off,
    }),
    [connection, rooms, status],
  );
}
