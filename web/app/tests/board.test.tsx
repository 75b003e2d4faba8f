import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, createClient, withPending, type User, type WorkOrder } from '@shopbell/client';
import { useOutboxItems, WebSocketProvider } from '@shopbell/react';
import { byStatus, columns, endings } from '../src/board/columns.ts';
import { useMoves } from '../src/board/useMoves.ts';
import { UserContext } from '../src/session/useSession.ts';
import * as fixtures from '../../client/tests/fixtures.ts';

const { user, workOrder } = fixtures;

const said = vi.hoisted(() => ({ error: vi.fn() }));
vi.mock('sonner', () => ({ toast: said }));

afterEach(() => {
  cleanup();
  said.error.mockReset();
});

describe('the columns', () => {
  test('hold every status once, those that end an order apart', () => {
    expect(new Set([...columns, ...endings]).size).toBe(13);
    expect(columns[0]).toBe('intake');
    expect(columns.at(-1)).toBe('ready_for_pickup');
  });

  test('show the most pressing first, and keep no closed order', () => {
    const rows = [
      workOrder({ id: 1, due_at: null }),
      workOrder({ id: 2, due_at: '2026-03-05T09:00:00.000Z' }),
      workOrder({ id: 3, priority: 'urgent' }),
      workOrder({ id: 4, status: 'cancelled' }),
    ];
    const groups = byStatus(rows);
    expect(groups.get('pending')?.map(row => row.id)).toEqual([3, 2, 1]);
    expect([...groups.values()].flat()).toHaveLength(3);
  });
});

/** A board with one order on it, and a server that answers when the test says so. */
function board(row: WorkOrder, someone: User = user({ role: 'manager' })) {
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  const answers: ((answer: WorkOrder | ApiError) => void)[] = [];
  const patch = vi.spyOn(client.api, 'patchWorkOrder').mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        answers.push(answer => {
          if (answer instanceof ApiError) reject(answer);
          else resolve(fixtures.answer(answer, 5));
        });
      }),
  );
  const { result } = renderHook(() => ({ ...useMoves(), items: useOutboxItems() }), {
    wrapper: ({ children }) => (
      <UserContext value={someone}>
        <WebSocketProvider client={client}>{children}</WebSocketProvider>
      </UserContext>
    ),
  });
  return {
    patch,
    status: () => withPending('work_order', row, result.current.items).status,
    move: (to: WorkOrder['status']) => act(() => result.current.move(row, to)),
    asked: () => vi.waitUntil(() => answers.length > 0),
    answer: async (answer: WorkOrder | ApiError) => {
      await vi.waitUntil(() => answers.length > 0);
      await act(async () => answers.shift()?.(answer));
    },
    known: () => client.store.state.workOrders.get(row.id)?.row.status,
  };
}

describe('a card that is moved', () => {
  const row = workOrder({ technician_id: 3 });

  test('stands in its new column at once, and stays there when the server agrees', async () => {
    const it = board(row);
    it.move('in_progress');
    await vi.waitUntil(() => it.status() === 'in_progress');
    await it.asked();
    expect(it.patch.mock.calls[0]).toMatchObject([7, { status: 'in_progress' }, { version: 1 }]);
    await it.answer(workOrder({ status: 'in_progress', version: 2 }));
    await vi.waitUntil(() => it.known() === 'in_progress');
    expect(said.error).not.toHaveBeenCalled();
  });

  test('goes back with the reason when the server refuses', async () => {
    const it = board(row);
    it.move('in_progress');
    await it.answer(new ApiError('forbidden', 'You may not do that.', 403));
    await vi.waitUntil(() => said.error.mock.calls.length > 0);
    expect(it.status()).toBe('pending');
    expect(said.error).toHaveBeenCalledWith('2026-0007 cannot go to in progress', {
      description: 'You may not do that.',
    });
  });

  test('is not sent where it cannot go', () => {
    const it = board(row);
    it.move('testing');
    expect(it.patch).not.toHaveBeenCalled();
    expect(said.error.mock.calls[0]?.[1].description).toContain('in progress');
    const pool = board(workOrder({ technician_id: null }));
    pool.move('in_progress');
    expect(pool.patch).not.toHaveBeenCalled();
    const another = board(workOrder({ technician_id: 4 }), user({ id: 3 }));
    another.move('in_progress');
    expect(another.patch).not.toHaveBeenCalled();
  });

  test('goes on over a change of another field, and not over another move', async () => {
    const mismatch = (now: WorkOrder) =>
      new ApiError('version_mismatch', 'Somebody changed it first.', 412, {
        body: { status: 'fail', code: 'version_mismatch', message: '', request_id: '', data: now },
      });
    const it = board(row);
    it.move('in_progress');
    await it.answer(mismatch(workOrder({ technician_id: 3, priority: 'urgent', version: 4 })));
    await it.asked();
    expect(it.patch.mock.calls[1]).toMatchObject([7, { status: 'in_progress' }, { version: 4 }]);
    expect(it.patch.mock.calls[1]?.[2]?.key).not.toBe(it.patch.mock.calls[0]?.[2]?.key);
    expect(it.status()).toBe('in_progress');
    await it.answer(mismatch(workOrder({ technician_id: 3, status: 'cancelled', version: 5 })));
    await vi.waitUntil(() => said.error.mock.calls.length > 0);
    expect(it.patch).toHaveBeenCalledTimes(2);
    expect(it.known()).toBe('cancelled');
    expect(said.error).toHaveBeenCalledTimes(1);
  });
});
