import { describe, expect, test } from 'vitest';
import { emptyState, inboxName, newestFirst, type Change, type LiveState } from '../src/index.ts';
import { reduce } from '../src/live/reduce.ts';
import { at, notification, ticket, workOrder } from './fixtures.ts';

const after = (...changes: Change[]): LiveState => changes.reduce(reduce, emptyState);

const updated = (seq: number, row = workOrder()): Change => ({
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
const read = (seq: number, row = workOrder()): Change => ({ kind: 'work_order_read', row, seq });
const removed = (seq: number): Change => ({
  kind: 'work_order_removed',
  payload: { workOrderId: 7, timestamp: at, seq },
});
const received = (seq: number, row = notification()): Change => ({
  kind: 'notification_received',
  payload: { notification: row, timestamp: at, seq },
});
const counted = (seq: number, unreadCount: number): Change => ({
  kind: 'notification_count_updated',
  payload: { userId: 3, unreadCount, timestamp: at, seq },
});

describe('work orders', () => {
  const row = (state: LiveState) => state.workOrders.get(7)?.row;

  test('an event that was overtaken by an answer is dropped', () => {
    const state = after(read(9, workOrder({ version: 3, status: 'testing' })));
    expect(reduce(state, updated(8, workOrder({ version: 2, status: 'in_progress' })))).toBe(state);
  });

  test('an answer that was overtaken by an event is dropped', () => {
    const state = after(updated(8, workOrder({ version: 3, status: 'testing' })));
    expect(row(reduce(state, read(7, workOrder({ version: 2 }))))?.status).toBe('testing');
  });

  test('the second event of one change has the same row and changes nothing but the place', () => {
    const state = after(updated(8), updated(9));
    expect(state.workOrders.get(7)).toEqual({ row: workOrder(), seq: 9 });
    expect(reduce(state, updated(9))).toBe(state);
  });

  test('the passcode outlives an event, but not a change of technician', () => {
    const known = after(read(1, workOrder({ technician_id: 3, device_passcode: '1234' })));
    const next = reduce(known, updated(2, workOrder({ technician_id: 3, version: 2 })));
    expect(row(next)?.device_passcode).toBe('1234');
    expect(
      row(reduce(next, updated(3, workOrder({ technician_id: null, version: 3 }))))?.device_passcode,
    ).toBeNull();
    expect(
      row(reduce(next, read(3, workOrder({ technician_id: 3, version: 2 }))))?.device_passcode,
    ).toBeNull();
  });

  test('a removed order stays away for what is older, and comes back with what is newer', () => {
    const state = after(updated(5), removed(6));
    expect(row(state)).toBeUndefined();
    expect(state.removed.get(7)).toBe(6);
    expect(row(reduce(state, read(5)))).toBeUndefined();
    const back = reduce(state, updated(8, workOrder({ version: 4 })));
    expect(row(back)?.version).toBe(4);
    expect(back.removed.has(7)).toBe(false);
    // And a late repeat of the removal does not take it away again.
    expect(reduce(back, removed(6))).toBe(back);
  });

  test('an assignment gives the new technician the row and the previous one nothing', () => {
    const assignment = (
      workOrder_: ReturnType<typeof workOrder> | { id: number; number: string },
    ): Change => ({
      kind: 'work_order_assignment_update',
      payload: { workOrderId: 7, action: 'assigned', workOrder: workOrder_, timestamp: at, seq: 4 },
    });
    expect(row(after(assignment(workOrder())))).toEqual(workOrder());
    expect(after(assignment({ id: 7, number: '2026-0007' }))).toBe(emptyState);
  });

  test('a list brings its rows in', () => {
    const state = after({ kind: 'work_orders_read', rows: [workOrder(), workOrder({ id: 8 })], seq: 4 });
    expect([...state.workOrders.keys()]).toEqual([7, 8]);
  });
});

describe('tickets', () => {
  const heard = (seq: number, row = ticket()): Change => ({
    kind: 'repair_ticket_updated',
    payload: { ticketId: row.id, action: 'updated', ticket: row, data: null, timestamp: at, seq },
  });
  const gone = (seq: number): Change => ({
    kind: 'repair_ticket_removed',
    payload: { ticketId: 4, timestamp: at, seq },
  });

  test('go by their version, and one that was taken from sight comes back only with what is newer', () => {
    const state = after({ kind: 'tickets_read', rows: [ticket({ version: 2 })], seq: 5 });
    expect(reduce(state, heard(4, ticket({ version: 1 })))).toBe(state);
    const removedAt6 = reduce(state, gone(6));
    expect(removedAt6.tickets.size).toBe(0);
    expect(reduce(removedAt6, heard(6, ticket({ version: 3 })))).toBe(removedAt6);
    expect(reduce(removedAt6, heard(7, ticket({ version: 3 }))).tickets.get(4)?.row.version).toBe(3);
    expect(reduce(state, gone(4))).toBe(state);
  });
});

describe('an order that is made', () => {
  test('is known from its event', () => {
    const created: Change = {
      kind: 'work_order_updated',
      payload: {
        workOrderId: 7,
        action: 'created',
        workOrder: workOrder(),
        data: null,
        timestamp: at,
        seq: 1,
      },
    };
    expect(after(created).workOrders.get(7)?.row).toEqual(workOrder());
    // Nobody has looked at its history, so none is kept.
    expect(after(created).history.size).toBe(0);
    const opened = after({ kind: 'history_opened', workOrderId: 7 }, created, created);
    expect([...(opened.history.get(7)?.rows.values() ?? [])].map(entry => entry.payload.action)).toEqual([
      'created',
    ]);
    expect(reduce(opened, removed(9)).history.size).toBe(0);
  });
});

describe('notifications', () => {
  const page = (
    seq: number,
    ids: number[],
    cursor: string | null = null,
    afterCursor: string | null = null,
  ): Change => ({
    kind: 'notifications_read',
    filter: {},
    rows: ids.map(id => notification({ id })),
    seq,
    cursor,
    after: afterCursor,
  });
  const ids = (state: LiveState) => newestFirst(state).map(row => row.id);

  test('one that is folded into again comes up with its new text, once', () => {
    const state = after(
      received(1, notification({ id: 1 })),
      received(2, notification({ id: 2 })),
      received(3, notification({ id: 1, event_count: 2, updated_at: '2026-03-02T09:05:00.000Z' })),
    );
    expect(ids(state)).toEqual([1, 2]);
    expect(state.notifications.get(1)?.row.event_count).toBe(2);
    expect(reduce(state, received(1))).toBe(state);
  });

  test('reading marks by id or up to an id, and not what came after', () => {
    const all = after(page(5, [3, 2, 1]), received(9, notification({ id: 4 })));
    const byId = reduce(all, {
      kind: 'notification_read',
      payload: { ids: [2], isRead: true, timestamp: at, seq: 10 },
    });
    expect(newestFirst(byId).map(row => row.is_read)).toEqual([false, false, true, false]);
    const upTo = reduce(all, {
      kind: 'notification_read',
      payload: { upToId: 4, isRead: true, timestamp: at, seq: 8 },
    });
    expect(newestFirst(upTo).map(row => row.is_read)).toEqual([false, true, true, true]);
  });

  test('the first page begins the list anew, and keeps what arrived while it was read', () => {
    const state = after(page(5, [3, 2, 1]), received(8, notification({ id: 9 })), page(7, [8, 7], 'c'));
    expect(ids(state)).toEqual([9, 8, 7]);
    expect(state.inboxes.get(inboxName({}))?.cursor).toBe('c');
  });

  test('a further page joins on only where the list still ends there', () => {
    const state = after(page(5, [3, 2], 'c'));
    expect(ids(reduce(state, page(6, [1], null, 'c')))).toEqual([3, 2, 1]);
    expect(reduce(state, page(6, [1], null, 'b'))).toBe(state);
  });

  test('a filtered list has what it was read to have, and what arrived since and fits', () => {
    const unread = { unread: true } as const;
    const state = after(
      page(5, [9, 8]),
      { ...page(6, [8, 3]), filter: unread } as Change,
      received(7, notification({ id: 10 })),
      received(8, notification({ id: 11, type: 'system' })),
      { kind: 'notification_read', payload: { ids: [8], isRead: true, timestamp: at, seq: 9 } },
    );
    expect(newestFirst(state, unread).map(row => row.id)).toEqual([11, 10, 3]);
    // What only the other list was read to have does not show between rows that nobody has read.
    expect(ids(state)).toEqual([11, 10, 9, 8]);
    expect(newestFirst(state, { type: 'system' }).map(row => row.id)).toEqual([11]);
  });

  test('one that was deleted is not brought back by an answer that was overtaken', () => {
    const state = after(page(5, [2, 1]), {
      kind: 'notification_deleted',
      payload: { ids: [2], timestamp: at, seq: 6 },
    });
    expect(ids(state)).toEqual([1]);
    expect(ids(reduce(state, page(5, [2, 1])))).toEqual([1]);
  });

  test('the count follows a mark before its event is here, and an older mark not at all', () => {
    const known = after(page(5, [3, 2, 1]), counted(5, 3));
    const written = (seq: number, isRead: boolean): Change => ({
      kind: 'notification_written',
      row: notification({ id: 2, is_read: isRead }),
      seq,
    });
    const marked = reduce(known, written(6, true));
    expect(marked.unread?.count).toBe(2);
    expect(reduce(marked, written(8, false)).unread?.count).toBe(3);
    expect(reduce(marked, counted(7, 2)).unread).toEqual({ count: 2, seq: 7 });
    const all: Change = {
      kind: 'notification_read',
      payload: { upToId: 9, isRead: true, timestamp: at, seq: 7 },
    };
    expect(reduce(marked, all).unread?.count).toBe(0);
    const newer = reduce(known, counted(9, 1));
    expect(reduce(newer, written(6, true)).unread?.count).toBe(1);
  });

  test('the count is taken only forward', () => {
    const state = after(counted(5, 2));
    expect(reduce(state, counted(4, 9)).unread).toEqual({ count: 2, seq: 5 });
    expect(reduce(state, counted(5, 2))).toBe(state);
    expect(reduce(state, { kind: 'unread_read', count: 0, seq: 6 }).unread).toEqual({ count: 0, seq: 6 });
  });
});
