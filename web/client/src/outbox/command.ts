import type {
  NewCustomer,
  NewNote,
  NewTicket,
  Ticket,
  TicketPatch,
  WorkOrder,
  WorkOrderPatch,
} from '../generated/index.ts';
import type { Change } from '../live/change.ts';
import type { Api } from '../rest/api.ts';
import type { ApiError } from '../rest/apiError.ts';
import type { Answer } from '../rest/http.ts';

/** Fields of a row, as the person saw it: written only over what these fields held. */
interface Edit<Row, Patch> {
  id: number;
  /** What people call the row, to name it by where it is not shown. */
  number: string;
  patch: Patch;
  base: Partial<Row>;
  version: number;
}

/** What a person can do without a connection: plain data, kept until the server has answered. */
export type Command =
  | ({ kind: 'work_order' } & Edit<WorkOrder, WorkOrderPatch>)
  | ({ kind: 'ticket' } & Edit<Ticket, TicketPatch>)
  | { kind: 'note'; workOrderId: number; number: string; note: NewNote }
  /** For a customer who may be as new as the ticket, and then has a key of their own. */
  | {
      kind: 'new_ticket';
      ticket: Omit<NewTicket, 'customer_id'>;
      customer: number | { key: string; draft: NewCustomer };
    }
  | { kind: 'notification'; id: number; isRead: boolean }
  | { kind: 'all_notifications'; upToId: number };

/** A change to a few fields of an order or a ticket, as it is shown now. */
export function edit<
  Kind extends 'work_order' | 'ticket',
  Row extends { work_order: WorkOrder; ticket: Ticket }[Kind],
>(kind: Kind, row: Row, patch: Partial<Row>): Command {
  const fields = Object.keys(patch) as (keyof Row)[];
  const base = Object.fromEntries(fields.map(field => [field, row[field]]));
  return { kind, id: row.id, number: row.number, patch, base, version: row.version } as unknown as Command;
}

interface Way {
  key: string;
  signal: AbortSignal;
}

/** What came of it. */
export interface Done {
  answer: Answer<unknown>;
  /** What the answer tells of the shop. */
  changes: Change[];
}

/** Sends a command once. Rejects with `ApiError` or `SignedOut`. */
export async function perform(api: Api, command: Command, way: Way): Promise<Done> {
  switch (command.kind) {
    case 'work_order': {
      const answer = await api.patchWorkOrder(command.id, command.patch, {
        ...way,
        version: command.version,
      });
      return { answer, changes: [{ kind: 'work_orders_read', rows: [answer.data], seq: answer.seq }] };
    }
    case 'ticket': {
      const answer = await api.patchTicket(command.id, command.patch, { ...way, version: command.version });
      return { answer, changes: [{ kind: 'tickets_read', rows: [answer.data], seq: answer.seq }] };
    }
    case 'note': {
      const answer = await api.createNote(command.workOrderId, command.note, way);
      return { answer, changes: [{ kind: 'note_written', row: answer.data }] };
    }
    case 'new_ticket': {
      const { customer, ticket } = command;
      const id =
        typeof customer === 'number'
          ? customer
          : (await api.createCustomer(customer.draft, { ...way, key: customer.key })).data.id;
      const answer = await api.createTicket({ ...ticket, customer_id: id }, way);
      return { answer, changes: [{ kind: 'tickets_read', rows: [answer.data], seq: answer.seq }] };
    }
    case 'notification': {
      const answer = await api.patchNotification(command.id, { is_read: command.isRead }, way);
      return { answer, changes: [{ kind: 'notification_written', row: answer.data, seq: answer.seq }] };
    }
    case 'all_notifications': {
      const { upToId } = command;
      const answer = await api.markAllRead({ up_to_id: upToId }, way);
      const payload = { upToId, isRead: true, timestamp: new Date().toISOString(), seq: answer.seq };
      return { answer, changes: [{ kind: 'notification_read', payload }] };
    }
  }
}

/**
 * The command over the row that the server has now, if nobody has changed the fields that it writes; `null` if somebody
 * has, or the refusal is another. With `isForced`, also over theirs.
 */
export function rebase(
  command: Command,
  refusal: Pick<ApiError, 'code' | 'data'>,
  isForced = false,
): { command: Command; change: Change } | null {
  if (refusal.code !== 'version_mismatch' || !(command.kind === 'work_order' || command.kind === 'ticket'))
    return null;
  const now = refusal.data as Record<string, unknown> & (WorkOrder | Ticket);
  const isUntouched = Object.entries(command.base).every(([field, value]) => now[field] === value);
  if (!isUntouched && !isForced) return null;
  const base = Object.fromEntries(Object.keys(command.base).map(field => [field, now[field]]));
  return {
    command: { ...command, base, version: now.version } as Command,
    change: rowRead(command.kind, now),
  };
}

/** The row that a refused edit came with. */
export function rowRead(kind: 'work_order' | 'ticket', row: WorkOrder | Ticket): Change {
  // Its place in the journal was not told; the version orders it.
  return kind === 'ticket'
    ? { kind: 'tickets_read', rows: [row as Ticket], seq: 0 }
    : { kind: 'work_orders_read', rows: [row as WorkOrder], seq: 0 };
}
