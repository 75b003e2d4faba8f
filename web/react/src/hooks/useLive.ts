import { useSyncExternalStore } from 'react';
import { emptyState, type LiveState } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';

/** A part of what is known. `select` must give the same object while that part did not change. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { store } = useClient();
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.state),
    () => select(emptyState),
  );
}
