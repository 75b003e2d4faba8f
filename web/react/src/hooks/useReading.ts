import { useCallback, useSyncExternalStore } from 'react';
import type { ApiError, Reading } from '@shopbell/client';

export interface ReadingStatus {
  /** Whether an answer is on its way. */
  isLoading: boolean;
  /** Why the last try failed; the next one follows by itself after a reconnection. */
  error: ApiError | null;
}

/** Keeps something read from the server while mounted. */
export function useReading(reading: Reading | null): ReadingStatus {
  const watch = useCallback((changed: () => void) => reading?.watch(changed) ?? (() => {}), [reading]);
  const isLoading = useSyncExternalStore(
    watch,
    () => reading?.isPending ?? false,
    () => true,
  );
  const error = useSyncExternalStore(
    watch,
    () => reading?.error ?? null,
    () => null,
  );
  return { isLoading, error };
}
