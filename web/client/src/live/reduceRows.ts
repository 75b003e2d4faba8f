import type { Ticket, WorkOrder } from '../generated/index.ts';
import type { LiveState } from './state.ts';

export function putWorkOrder(
  state: LiveState,
  row: WorkOrder,
  seq: number,
  passcode?: string | null,
): LiveState {
  const removedAt = state.removed.get(row.id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  const known = state.workOrders.get(row.id);
  if (known !== undefined && row.version < known.row.version) return state;

  const next = { ...row, device_passcode: passcode === undefined ? keptPasscode(known?.row, row) : passcode };
  if (known !== undefined && isSame(known.row, next) && seq <= known.seq) return state;
  const removed = removedAt === undefined ? state.removed : without(state.removed, row.id);
  const newest = Math.max(seq, known?.seq ?? 0);
  return { ...state, removed, workOrders: new Map(state.workOrders).set(row.id, { row: next, seq: newest }) };
}

/** Only a read of the order itself gives the passcode; what is known stays while the right to it cannot have changed. */
function keptPasscode(known: WorkOrder | undefined, next: WorkOrder): string | null {
  return known?.technician_id === next.technician_id ? (known?.device_passcode ?? null) : null;
}

export function removeWorkOrder(state: LiveState, id: number, seq: number): LiveState {
  const known = state.workOrders.get(id);
  if (known !== undefined && seq < known.seq) return state;
  const removedAt = state.removed.get(id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  return {
    ...state,
    workOrders: without(state.workOrders, id),
    // What was written about it is no longer theirs to read either.
    notes: without(state.notes, id),
    history: without(state.history, id),
    removed: new Map(state.removed).set(id, seq),
  };
}

export function putTicket(state: LiveState, row: Ticket, seq: number): LiveState {
  const removedAt = state.removedTickets.get(row.id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  const known = state.tickets.get(row.id);
  if (known !== undefined && row.version < known.row.version) return state;
  if (known !== undefined && isSame(known.row, row) && seq <= known.seq) return state;
  const removedTickets =
    removedAt === undefined ? state.removedTickets : without(state.removedTickets, row.id);
  const newest = Math.max(seq, known?.seq ?? 0);
  return { ...state, removedTickets, tickets: new Map(state.tickets).set(row.id, { row, seq: newest }) };
}

export function removeTicket(state: LiveState, id: number, seq: number): LiveState {
  const known = state.tickets.get(id);
  if (known !== undefined && seq < known.seq) return state;
  const removedAt = state.removedTickets.get(id);
  if (removedAt !== undefined && seq <= removedAt) return state;
  return {
    ...state,
    tickets: without(state.tickets, id),
    removedTickets: new Map(state.removedTickets).set(id, seq),
  };
}

function isSame<Row extends object>(a: Row, b: Row): boolean {
  return (Object.keys(b) as (keyof Row)[]).every(field => a[field] === b[field]);
}

function without<V>(map: ReadonlyMap<number, V>, id: number): ReadonlyMap<number, V> {
  if (!map.has(id)) return map;
  const rest = new Map(map);
  rest.delete(id);
  return rest;
}
