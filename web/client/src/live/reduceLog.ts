import type { Note, WorkOrderUpdated } from '../generated/index.ts';
import type { Grown, LiveState } from './state.ts';

/*
 * Notes and history are never changed or taken back, so an answer and an event are joined by number alone, whichever
 * came first.
 */

const nothing = { rows: new Map<number, never>(), cursor: undefined };

export function openNotes(state: LiveState, workOrderId: number): LiveState {
  if (state.notes.has(workOrderId)) return state;
  return { ...state, notes: new Map(state.notes).set(workOrderId, nothing) };
}

export function openHistory(state: LiveState, workOrderId: number): LiveState {
  if (state.history.has(workOrderId)) return state;
  return { ...state, history: new Map(state.history).set(workOrderId, nothing) };
}

interface Page<T> {
  workOrderId: number;
  rows: readonly T[];
  cursor: string | null;
  after: string | null;
}

export function grow<T>(
  all: ReadonlyMap<number, Grown<T>>,
  { workOrderId, rows, cursor, after }: Page<T>,
  numberOf: (row: T) => number,
): ReadonlyMap<number, Grown<T>> {
  const known = all.get(workOrderId);
  // Taken from sight while the answer was on its way; or begun anew meanwhile, so that this page does not join on.
  if (known === undefined || (after !== null && after !== known.cursor)) return all;
  const joined = new Map(known.rows);
  for (const row of rows) joined.set(numberOf(row), row);
  return new Map(all).set(workOrderId, { rows: joined, cursor });
}

export function addNote(state: LiveState, note: Note): LiveState {
  const known = state.notes.get(note.work_order_id);
  if (known === undefined || known.rows.has(note.id)) return state;
  const rows = new Map(known.rows).set(note.id, note);
  return { ...state, notes: new Map(state.notes).set(note.work_order_id, { ...known, rows }) };
}

/** Adds an event to the history and, if it brings one, a note: of an order that somebody has looked at. */
export function recordUpdate(state: LiveState, payload: WorkOrderUpdated): LiveState {
  const { workOrderId, data, seq, timestamp } = payload;
  const noted = data !== null && 'note' in data ? addNote(state, data.note) : state;
  const log = noted.history.get(workOrderId);
  if (log === undefined || log.rows.has(seq)) return noted;
  const entry = { seq, event: 'work_order_updated', payload, at: timestamp };
  const rows = new Map(log.rows).set(seq, entry);
  return { ...noted, history: new Map(noted.history).set(workOrderId, { ...log, rows }) };
}
