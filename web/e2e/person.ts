// A signed-in person: REST calls and stock socket connections under one token.
import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { onTestFinished, TestRunner } from 'vitest';
import type { Client } from './clients.ts';
import { Connection } from './connection.ts';
import { type DemoPerson, password } from './people.ts';
import { type Answer, type Json, request, type Request } from './rest.ts';
import type { Customer, Notification, Ticket, User, WorkOrder } from './wire.ts';

export class Person {
  readonly #url: () => string;
  readonly #connections = new Set<Connection>();
  readonly id: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly demo: DemoPerson;

  private constructor(url: () => string, demo: DemoPerson, login: Login) {
    this.#url = url;
    this.demo = demo;
    this.id = login.user.id;
    this.accessToken = login.access_token;
    this.refreshToken = login.refresh_token;
  }

  /** `url` is a function: a restarted program may be somewhere else. */
  static async signIn(url: () => string, demo: DemoPerson): Promise<Person> {
    const answer = await request<{ data: Login }>('POST', `${url()}/api/auth/login`, {
      body: { email: demo.email, password },
    });
    if (answer.status !== 200) {
      throw new Error(`${demo.email} could not sign in: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return new Person(url, demo, answer.body.data);
  }

  /** Somebody who has an access token already. */
  static holding(url: () => string, demo: DemoPerson, id: number, accessToken: string): Person {
    return new Person(url, demo, { user: { id }, access_token: accessToken, refresh_token: '' });
  }

  async call<Body = Json>(method: string, path: string, options: Request = {}): Promise<Answer<Body>> {
    const headers = { authorization: `Bearer ${this.accessToken}`, ...options.headers };
    return request<Body>(method, this.#url() + path, { ...options, headers });
  }

  async get<Body = Json>(path: string): Promise<Answer<Body>> {
    return this.call<Body>('GET', path);
  }

  async order(id: number): Promise<WorkOrder> {
    const answer = await this.get<{ data: WorkOrder }>(`/api/work-orders/${id}`);
    return must(answer).data;
  }

  /** Every order this person sees, newest change first. */
  async orders(filter = ''): Promise<WorkOrder[]> {
    return this.#all<WorkOrder>(`/api/work-orders?limit=100${filter}`);
  }

  async ticket(id: number): Promise<Ticket> {
    return must(await this.get<{ data: Ticket }>(`/api/tickets/${id}`)).data;
  }

  /** Every ticket this person sees. */
  async tickets(filter = ''): Promise<Ticket[]> {
    return this.#all<Ticket>(`/api/tickets?limit=100${filter}`);
  }

  async customers(filter = ''): Promise<Customer[]> {
    return this.#all<Customer>(`/api/customers?limit=100${filter}`);
  }

  async users(filter = ''): Promise<User[]> {
    return this.#all<User>(`/api/users?limit=100${filter}`);
  }

  async notifications(filter = ''): Promise<Notification[]> {
    return this.#all<Notification>(`/api/notifications?limit=100${filter}`);
  }

  /** The unread count as `GET /api/notifications/count` tells it. */
  async unread(): Promise<number> {
    const answer = await this.get<{ data: { unread: number } }>('/api/notifications/count');
    return must(answer).data.unread;
  }

  async patchOrder(
    id: number,
    changes: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<{ status: string; code?: string; data: WorkOrder }>> {
    return this.call('PATCH', `/api/work-orders/${id}`, { body: changes, headers });
  }

  /** A change that the test needs and that must succeed. */
  async change(id: number, changes: Json): Promise<{ order: WorkOrder; seq: number }> {
    const answer = await this.patchOrder(id, changes);
    return { order: must(answer).data, seq: answer.seq };
  }

  /** A write that the test needs and that must succeed. */
  async write<Row>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: Json): Promise<Written<Row>> {
    const answer = await this.call<{ data: Row }>(method, path, body === undefined ? {} : { body });
    return { row: must(answer).data, seq: answer.seq };
  }

  /** An open stock connection; its auth payload is this person's token unless `options` say otherwise. */
  async connect(options: Partial<ManagerOptions & SocketOptions> = {}, client?: Client): Promise<Connection> {
    const connection = this.prepare(options, client);
    await connection.opened();
    return connection;
  }

  /** A connection that was started and not waited for. One that a test opens ends with that test. */
  prepare(options: Partial<ManagerOptions & SocketOptions> = {}, client?: Client): Connection {
    const auth = { token: this.accessToken };
    const connection = new Connection(this.#url(), { auth, ...options }, client);
    this.#connections.add(connection);
    if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => connection.close());
    return connection;
  }

  disconnectAll(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }

  async #all<Row>(path: string): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { data, pagination }: List<Row> = must(await this.get<List<Row>>(path + next));
      rows.push(...data);
      cursor = pagination.next_cursor;
    }
    return rows;
  }
}

export interface Written<Row> {
  readonly row: Row;
  readonly seq: number;
}

interface Login {
  readonly user: { readonly id: number };
  readonly access_token: string;
  readonly refresh_token: string;
}

interface List<Row> {
  readonly data: Row[];
  readonly pagination: { readonly next_cursor: string | null };
}

function must<Body>(answer: Answer<Body>): Body {
  if (answer.status < 200 || answer.status > 299) {
    throw new Error(`expected a 2xx, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}
