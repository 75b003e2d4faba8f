// Everything that a person sees, by REST, with the number up to which every event is in it.
import type { Person } from '../person.ts';
import type { Json } from '../rest.ts';
import { View } from '../shop-day/view.ts';
import type { Notification, Ticket, WorkOrder } from '../wire.ts';

export interface Snapshot {
  readonly view: View;
  /** The oldest head of all the pages: what changed between two pages is told by an event after it. */
  readonly seq: number;
}

export async function readAll(person: Person): Promise<Snapshot> {
  const view = new View();
  let seq = Number.POSITIVE_INFINITY;

  const get = async (path: string): Promise<Json> => {
    const answer = await person.get(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    seq = Math.min(seq, answer.seq);
    return answer.body;
  };
  const list = async <Row extends { readonly id: number }>(
    path: string,
    rows: Map<number, Row>,
  ): Promise<void> => {
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const page = await get(`${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const row of page['data'] as Row[]) rows.set(row.id, row);
      cursor = (page['pagination'] as Json)['next_cursor'];
    }
  };

  await list<WorkOrder>('/api/work-orders', view.orders);
  await list<Ticket>('/api/tickets', view.tickets);
  await list<Notification>('/api/notifications', view.notifications);
  const count = await get('/api/notifications/count');
  view.unread = (count['data'] as { unread: number }).unread;
  return { view, seq };
}
