// The journal as one person sees it: by REST, and as a connection was sent it.
import type { Connection } from './connection.ts';
import type { Person } from './person.ts';
import type { Answer, Json } from './rest.ts';

export interface Entry {
  readonly seq: number;
  readonly event: string;
  readonly payload: Json;
}

export interface Page {
  readonly status: string;
  readonly data: Entry[];
  readonly next: number;
}

/** One page of `GET /api/events`. */
export async function page(person: Person, query: string): Promise<Answer<Page>> {
  return person.get<Page>(`/api/events?${query}`);
}

/** Everything after a number, page by page, until the head. */
export async function journalOf(person: Person, after: number, limit = 100): Promise<Entry[]> {
  const entries: Entry[] = [];
  let from = after;
  while (true) {
    const answer = await page(person, `after=${from}&limit=${limit}`);
    if (answer.status !== 200) throw new Error(`the journal was refused: ${JSON.stringify(answer.body)}`);
    entries.push(...answer.body.data);
    from = answer.body.next;
    if (from >= answer.seq) return entries;
  }
}

/** What a connection was sent of the journal, as REST would tell it. Forget its greeting first: it has a number too. */
export function sent(connection: Connection): Entry[] {
  return connection.received.flatMap(({ name, payload }) =>
    typeof payload['seq'] === 'number' ? [{ seq: payload['seq'], event: name, payload }] : [],
  );
}
