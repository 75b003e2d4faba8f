import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, type WorkOrder } from '@shopbell/client';
import { WebSocketProvider } from '@shopbell/react';
import type { ListFilter } from '../src/workOrders/filter.ts';
import { useWorkOrderList } from '../src/workOrders/useWorkOrderList.ts';
import { answer, at, workOrder } from '../../client/tests/fixtures.ts';

afterEach(cleanup);

/** A list that the server answered with these rows when the journal stood at 10. */
async function listOf(rows: WorkOrder[], filter: ListFilter = {}) {
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  vi.spyOn(client.api, 'workOrders').mockResolvedValue(answer(rows, 10));
  const queries = new QueryClient();
  const { result } = renderHook(() => useWorkOrderList(filter), {
    wrapper: ({ children }) => (
      <QueryClientProvider client={queries}>
        <WebSocketProvider client={client}>{children}</WebSocketProvider>
      </QueryClientProvider>
    ),
  });
  await vi.waitUntil(() => !result.current.isLoading);
  let seq = 10;
  return {
    ids: () => result.current.rows.map(row => row.id),
    hear: (row: WorkOrder) =>
      act(() => {
        seq += 1;
        client.store.apply({
          kind: 'work_order_updated',
          payload: {
            workOrderId: row.id,
            action: 'updated',
            workOrder: row,
            data: { updatedFields: {}, updatedBy: 1 },
            timestamp: at,
            seq,
          },
        });
      }),
    lose: (id: number) =>
      act(() =>
        client.store.apply({
          kind: 'work_order_removed',
          payload: { workOrderId: id, timestamp: at, seq: (seq += 1) },
        }),
      ),
  };
}

const three = [3, 2, 1].map(id => workOrder({ id }));

describe('a list of work orders', () => {
  test('keeps its order while what is on it changes', async () => {
    const list = await listOf(three);
    list.hear(workOrder({ id: 1, version: 2, updated_at: '2026-03-02T10:00:00.000Z' }));
    expect(list.ids()).toEqual([3, 2, 1]);
  });

  test('takes up on top what is new to it and fits, and nothing else', async () => {
    const list = await listOf(three, { status: 'pending' });
    list.hear(workOrder({ id: 9 }));
    list.hear(workOrder({ id: 10, status: 'testing' }));
    expect(list.ids()).toEqual([9, 3, 2, 1]);
  });

  test('lets go what no longer fits or may not be seen', async () => {
    const list = await listOf(three);
    list.hear(workOrder({ id: 2, version: 2, status: 'picked_up' }));
    list.lose(3);
    expect(list.ids()).toEqual([1]);
  });
});
