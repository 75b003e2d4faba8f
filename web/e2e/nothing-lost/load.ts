// People who write as fast as a busy chain of shops would. Every act has a key; when its outcome is not known it is asked
// for again with that key, until it is.
import { moves } from '../moves.ts';
import type { Person } from '../person.ts';
import type { Answer, Json } from '../rest.ts';
import type { WorkOrder } from '../wire.ts';
import type { Client } from './client.ts';
import type { History } from './history.ts';

/** Acts that may be waiting for an answer; beyond it new ones are not begun. */
const most = 64;
/** How often acts are begun. */
const everyMs = 25;
const retryMs = 60;

interface Act {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  /** A text of its own that shows up in its event. */
  readonly mark?: string;
  readonly reads?: readonly number[];
}

export interface Done {
  readonly answer: Answer;
  readonly at: number;
}

export class Load {
  /** Acts with a known outcome. */
  readonly done = { ok: 0, refused: 0 };
  /** Attempts without one. */
  unknown = 0;
  readonly #clients: readonly Client[];
  readonly #history: History;
  readonly #random: () => number;
  readonly #perSecond: number;
  readonly #running = new Set<Promise<unknown>>();
  readonly #gone = new Set<Person>();
  #timer: NodeJS.Timeout | undefined;
  #ops = 0;
  #owed = 0;

  constructor(clients: readonly Client[], history: History, random: () => number, perSecond: number) {
    this.#clients = clients;
    this.#history = history;
    this.#random = random;
    this.#perSecond = perSecond;
  }

  start(): void {
    let last = Date.now();
    this.#timer = setInterval(() => {
      const now = Date.now();
      // What could not be begun while the server was away is not caught up on.
      this.#owed = Math.min(this.#owed + ((now - last) * this.#perSecond) / 1_000, this.#perSecond / 4);
      last = now;
      for (; this.#owed >= 1 && this.#running.size < most; this.#owed -= 1) {
        // Not everyone has something to do.
        for (let tries = 0; tries < 8 && !this.#begin(); tries += 1);
      }
    }, everyMs);
  }

  /** Begins nothing more, and waits for the last outcome. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  /** Somebody who writes no more. */
  dismiss(person: Person): void {
    this.#gone.add(person);
  }

  /** Does it until its outcome is known. */
  async perform(person: Person, { method, path, body, mark, reads = [] }: Act): Promise<Done> {
    this.#ops += 1;
    const op = this.#ops;
    const key = `act-${op}`;
    while (true) {
      const start = Date.now();
      const headers = { 'idempotency-key': key };
      const answer = await person
        .call(method, path, { headers, ...(body && { body }) })
        .catch(() => undefined);
      const at = Date.now();
      const outcome = known(answer);
      this.#history.add({
        kind: 'write',
        op,
        person: person.id,
        what: `${method} ${path}`,
        key,
        mark: mark ?? null,
        reads,
        start,
        end: at,
        outcome,
        // NaN, without the header, becomes null.
        seq: answer?.seq ?? null,
      });
      if (answer !== undefined && outcome !== 'unknown') {
        this.done[outcome] += 1;
        return { answer, at };
      }
      this.unknown += 1;
      await new Promise(again => setTimeout(again, retryMs));
    }
  }

  #begin(): boolean {
    const client = this.#one(this.#clients);
    if (client === undefined || this.#gone.has(client.person)) return false;
    const act = this.#choose(client);
    if (act === undefined) return false;
    const running = this.perform(client.person, act).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return true;
  }

  #one<Value>(values: readonly Value[]): Value | undefined {
    return values[Math.floor(this.#random() * values.length)];
  }

  /** Something that this person may do, as far as they know. */
  #choose({ person, view }: Client): Act | undefined {
    const { role } = person.demo;
    const mark = `act ${this.#ops + 1} of person ${person.id}`;
    const isTechnician = role === 'technician';
    const seen = [...view.orders.values()];
    const order = this.#one(isTechnician ? seen.filter(each => each.technician_id === person.id) : seen);
    const dice = this.#random();
    if (dice < 0.08 || order === undefined) {
      const unread = this.#one([...view.notifications.values()].filter(row => !row.is_read));
      if (unread === undefined) return undefined;
      return {
        method: 'PATCH',
        path: `/api/notifications/${unread.id}`,
        body: { is_read: true },
        reads: [unread.id],
      };
    }
    const path = `/api/work-orders/${order.id}`;
    if (dice < 0.3) return { method: 'POST', path: `${path}/notes`, body: { content: mark }, mark };
    if (dice < 0.33 && !isTechnician) return this.open(order.customer_id, mark);
    if (dice < 0.45)
      return { method: 'PATCH', path, body: { technician_id: this.#technician(order, person) } };
    const status = dice < 0.65 ? this.#one(moves[order.status]) : undefined;
    return { method: 'PATCH', path, body: { description: mark, ...(status && { status }) }, mark };
  }

  /** A new order, in the pool. */
  open(customer: number, mark: string): Act {
    const body = { customer_id: customer, device: 'Phone', description: mark };
    return { method: 'POST', path: '/api/work-orders', body, mark };
  }

  #technician(order: WorkOrder, by: Person): number | null {
    // A technician only takes from the pool and gives back.
    if (by.demo.role === 'technician') return order.technician_id === by.id ? null : by.id;
    if (this.#random() < 0.3) return null;
    const technicians = this.#clients
      .map(client => client.person)
      .filter(
        each => each.demo.role === 'technician' && each.demo.shop === by.demo.shop && !this.#gone.has(each),
      );
    return this.#one(technicians)?.id ?? null;
  }
}

function known(answer: Answer | undefined): 'ok' | 'refused' | 'unknown' {
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return 'unknown';
  if (answer.status < 300) return 'ok';
  // The first attempt with this key is still running.
  return answer.status === 409 && answer.body['code'] === 'conflict' ? 'unknown' : 'refused';
}
