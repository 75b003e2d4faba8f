import type { HistoryEntry } from '@shopbell/client';
import { strings } from '../strings.ts';

const words = strings.history;

/** What an entry tells, as somebody would say it. `nameOf` gives a colleague's name. */
export function sentence({ payload }: HistoryEntry, nameOf: (id: number) => string): string {
  const { data, workOrder } = payload;
  if (data === null) return words.created;
  if ('note' in data) return words.noted(data.note.author_name);
  if ('newStatus' in data) {
    const { oldStatus, newStatus, updatedBy } = data;
    return words.moved(nameOf(updatedBy), strings.statuses[oldStatus], strings.statuses[newStatus]);
  }
  if ('assignedBy' in data) {
    const { technicianId: to, previousTechnicianId: from, assignedBy: by } = data;
    if (to === by) return words.took(nameOf(by));
    if (to !== null) return words.assigned(nameOf(by), nameOf(to));
    return from === by || from === null
      ? words.handedBack(nameOf(by))
      : words.unassigned(nameOf(by), nameOf(from));
  }
  const changed = Object.keys(data.updatedFields);
  return changed.length === 1 && changed[0] === 'priority'
    ? words.prioritised(nameOf(data.updatedBy), strings.priorities[workOrder.priority])
    : words.changed(nameOf(data.updatedBy), changed);
}

/** Why an order was moved where the table does not lead. */
export function reasonOf({ payload: { data } }: HistoryEntry): string | null {
  return data !== null && 'overrideReason' in data ? data.overrideReason : null;
}
