import { useMemo, useSyncExternalStore } from 'react';
import type { OutboxItem } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';

const nothing: readonly OutboxItem[] = [];

/** What the person did and the server has not confirmed yet, oldest first. */
export function useOutboxItems(): readonly OutboxItem[] {
  const { outbox } = useClient();
  return useSyncExternalStore(
    outbox.subscribe,
    () => outbox.items,
    () => nothing,
  );
}

export interface OutboxValue {
  items: readonly OutboxItem[];
  /** How many are on this device and nowhere else, as far as it knows. */
  kept: number;
  /** How many the server has refused; they wait for the person. */
  refused: number;
  /** Gives one up. One that is on its way cannot be taken back. */
  dismiss: (item: OutboxItem) => Promise<void>;
  /** Sends a refused one again: a change of a row over what the row is now. */
  retry: (item: OutboxItem) => Promise<void>;
}

/** The person's unsent changes, and what can be done with them. */
export function useOutbox(): OutboxValue {
  const { outbox } = useClient();
  const items = useOutboxItems();
  return useMemo(() => {
    const refused = items.filter(({ state }) => state === 'refused').length;
    return {
      items,
      kept: items.filter(({ state, done }) => done === null && state !== 'refused').length,
      refused,
      dismiss: ({ place }) => outbox.dismiss(place),
      retry: ({ place }) => outbox.retry(place),
    };
  }, [outbox, items]);
}

/** Where the latest change of a row stands, or of one of its fields; `null` when there is none to tell of. */
export function useCommandState(
  kind: 'work_order' | 'ticket' | null,
  id: number,
  field?: string,
): OutboxItem | null {
  const items = useOutboxItems();
  return (
    items.findLast(
      ({ command }) =>
        (command.kind === 'work_order' || command.kind === 'ticket') &&
        command.kind === kind &&
        command.id === id &&
        (field === undefined || field in command.patch),
    ) ?? null
  );
}
