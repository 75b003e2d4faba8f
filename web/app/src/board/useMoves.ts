import { toast } from 'sonner';
import { ApiError, edit, movesOf, SignedOut, type Status, type WorkOrder } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';

const words = strings.board;

/**
 * Moves orders on the board. The rows show them at once where they were put; when the server refuses at once, they go
 * back and the reason is told, and when it does so later, it shows with the order.
 */
export function useMoves() {
  const client = useClient();
  const user = useUser();

  async function send(row: WorkOrder, to: Status): Promise<void> {
    try {
      await client.outbox.run(edit('work_order', row, { status: to }));
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiError)) throw error;
      toast.error(words.refused(row.number, strings.statuses[to]), { description: strings.refusal(error) });
    }
  }

  function move(row: WorkOrder, to: Status): void {
    if (to === row.status) return;
    const legal = movesOf(user, row);
    if (legal.includes(to)) {
      void send(row, to);
      return;
    }
    toast.error(words.refused(row.number, strings.statuses[to]), {
      description: words.refusedHint(legal.map(status => strings.statuses[status])),
    });
  }

  return { move, legal: (row: WorkOrder) => movesOf(user, row) };
}
