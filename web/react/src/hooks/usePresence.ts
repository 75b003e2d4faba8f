import { useSyncExternalStore } from 'react';
import type { PresentUser, Viewer } from '@shopbell/client';
import { useClient, useConnectedUsers } from '../contexts/WebSocketContext.tsx';

/** Who is online, as far as this person is told; nobody while there is no connection. */
export function usePresence(): readonly PresentUser[] {
  return useConnectedUsers();
}

const noViewers: readonly Viewer[] = [];

/** The other people at a work order whose room this page is in. */
export function useViewers(workOrderId: number | null): readonly Viewer[] {
  const { presence } = useClient();
  const viewers = useSyncExternalStore(
    presence.subscribe,
    () => (workOrderId === null ? undefined : presence.state.viewers.get(workOrderId)),
    () => undefined,
  );
  return viewers ?? noViewers;
}
