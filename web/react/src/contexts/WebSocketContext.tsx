import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import {
  nobody,
  type Connection,
  type ConnectionState,
  type PresentUser,
  type ShopbellClient,
  type ViewerStatus,
} from '@shopbell/client';

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

/** Who is online, as far as this person is told; nobody while there is no connection. */
export function useConnectedUsers(): readonly PresentUser[] {
  const { presence } = useClient();
  return useSyncExternalStore(
    presence.subscribe,
    () => presence.state.users,
    () => nobody.users,
  );
}

export interface WebSocketValue {
  /** The Socket.IO client underneath; the same one over reconnections. */
  socket: Connection['socket'];
  isConnected: boolean;
  status: ConnectionState;
  connectedUsers: readonly PresentUser[];
  /** Wants to be in a room, now and after every reconnection, until `leaveRoom`. Counted: each join has its leave. */
  joinRoom: (room: string) => void;
  leaveRoom: (room: string) => void;
  /** Sends an event if the connection is up, and says whether it was. Never throws. */
  emit: (event: string, ...args: unknown[]) => boolean;
  /** Hears an event, over reconnections, until undone by the result or by `off`. */
  on: Connection['on'];
  off: Connection['off'];
  /** The person types in a joined room; to be called at every letter, it is sent as often as it needs to be. */
  sendTypingStart: (room: string, message?: string) => void;
  sendTypingStop: (room: string) => void;
  /** Tells the others at a joined work order what the person does there. */
  sendUserPresence: (status: ViewerStatus, workOrderId: number) => void;
}

/** The connection itself. Everything but `isConnected`, `status` and `connectedUsers` stays the same object. */
export function useWebSocket(): WebSocketValue {
  const { connection, rooms, presence, typing } = useClient();
  const status = useConnectionState();
  const connectedUsers = useConnectedUsers();
  const sendTypingStart = useCallback<WebSocketValue['sendTypingStart']>(
    (room, message) => typing.start(room, message === undefined ? {} : { message }),
    [typing],
  );
  return useMemo(
    () => ({
      socket: connection.socket,
      isConnected: status === 'connected',
      status,
      connectedUsers,
      joinRoom: rooms.join,
      leaveRoom: rooms.leave,
      emit: connection.emit,
      on: connection.on,
      off: connection.off,
      sendTypingStart,
      sendTypingStop: typing.stop,
      sendUserPresence: presence.declare,
    }),
    [connection, rooms, presence, typing, status, connectedUsers, sendTypingStart],
  );
}
