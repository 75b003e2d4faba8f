import { describe, expect, test } from 'vitest';
import type { HistoryEntry, WorkOrderUpdated } from '@shopbell/client';
import { reasonOf, sentence } from '../src/history/sentence.ts';
import { at, workOrder } from '../../client/tests/fixtures.ts';

const names = new Map([
  [2, 'Marko'],
  [3, 'Tarik'],
]);
const nameOf = (id: number) => names.get(id) ?? 'Somebody';

const entry = (
  action: WorkOrderUpdated['action'],
  data: WorkOrderUpdated['data'],
  order = workOrder(),
): HistoryEntry => ({
  seq: 1,
  event: 'work_order_updated',
  payload: { workOrderId: 7, action, workOrder: order, data, timestamp: at, seq: 1 },
  at,
});
const said = (...parts: Parameters<typeof entry>) => sentence(entry(...parts), nameOf);

describe('history in words', () => {
  test('says who moved the order, and why against the table', () => {
    const moved = entry('status_changed', {
      oldStatus: 'pending',
      newStatus: 'in_progress',
      updatedBy: 2,
      overrideReason: 'The customer waits.',
    });
    expect(sentence(moved, nameOf)).toBe('Marko moved it from pending to in progress');
    expect(reasonOf(moved)).toBe('The customer waits.');
    expect(reasonOf(entry('created', null))).toBeNull();
  });

  test('says who gave, took, and handed back', () => {
    const assigned = (technicianId: number | null, previousTechnicianId: number | null, assignedBy: number) =>
      said('assigned', { technicianId, previousTechnicianId, assignedBy });
    expect(assigned(3, null, 2)).toBe('Marko gave it to Tarik');
    expect(assigned(3, null, 3)).toBe('Tarik took it');
    expect(assigned(null, 3, 3)).toBe('Tarik handed it back to the pool');
    expect(assigned(null, 3, 2)).toBe('Marko took it from Tarik');
    expect(assigned(99, null, 2)).toBe('Marko gave it to Somebody');
  });

  test('says what was changed', () => {
    const changed = (...fields: string[]) =>
      said(
        'updated',
        { updatedFields: Object.fromEntries(fields.map(field => [field, true as const])), updatedBy: 2 },
        workOrder({ priority: 'urgent' }),
      );
    expect(changed('description', 'due_at')).toBe('Marko changed the description and the due date');
    expect(changed('priority')).toBe('Marko set the priority to urgent');
    expect(changed('some_new_field')).toBe('Marko changed some new field');
    expect(said('created', null)).toBe('The order was opened');
  });
});
