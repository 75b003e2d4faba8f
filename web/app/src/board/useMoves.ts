import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { ApiError, movesOf, SignedOut, type Status, type WorkOrder } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';

const words = strings.board;

/**
 * Moves orders on the board: shown at once where they were put, and put back with the reason when the server refuses.
 * `shown` is the rows as the person has put them.
 */
export function useMoves(rows: readonly WorkOrder[]) {
  const client = useClient();
  const user = useUser();
  const [moving, setMoving] = useState<ReadonlyMap<number, Status>>(new Map());

  const shown = useMemo(
    () =>
      moving.size === 0
        ? rows
        : rows.map(row => {
            const status = moving.get(row.id);
            return status === undefined ? row : { ...row, status };
          }),
    [rows, moving],
  );

  const put = (id: number, status: Status | null) =>
    setMoving(before => {
      const next = new Map(before);
      if (status === null) next.delete(id);
      else next.set(id, status);
      return next;
    });

  async function send(row: WorkOrder, to: Status): Promise<void> {
    put(row.id, to);
    try {
      const { data, seq } = await client.api.patchWorkOrder(row.id, { status: to }, row.version);
      client.store.apply({ kind: 'work_orders_read', rows: [data], seq });
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiError)) throw error;
      const now = error.code === 'version_mismatch' ? (error.data as WorkOrder) : null;
      if (now !== null) {
        const seq = client.store.state.workOrders.get(now.id)?.seq ?? 0;
        client.store.apply({ kind: 'work_orders_read', rows: [now], seq });
        // Somebody changed the order, but not where it stands: the person's wish stands.
        if (now.status === row.status && movesOf(user, now).includes(to)) return await send(now, to);
      }
      toast.error(words.refused(row.number, strings.statuses[to]), { description: strings.refusal(error) });
    } finally {
      put(row.id, null);
    }
  }

  function move(row: WorkOrder, to: Status): void {
    if (to === row.status || moving.has(row.id)) return;
    const legal = movesOf(user, row);
    if (legal.includes(to)) {
      void send(row, to);
      return;
    }
    toast.error(words.refused(row.number, strings.statuses[to]), {
      description: words.refusedHint(legal.map(status => strings.statuses[status])),
    });
  }

  return { shown, move, legal: (row: WorkOrder) => movesOf(user, row) };
}
