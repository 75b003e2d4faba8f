// A command with an `Idempotency-Key`, asked for once and again.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Person } from './person.ts';
import type { Answer } from './rest.ts';

export type Command = readonly [method: string, path: string, body: unknown];

/** The header of an answer that was given before. */
export const replayed = 'idempotency-replayed';

export async function once(person: Person, key: string, [method, path, body]: Command): Promise<Answer> {
  return person.call(method, path, { body, headers: { 'idempotency-key': key } });
}

/** What of an answer must be the same when it is given again; a refusal names the request that it answers. */
export const same = ({ status, body, headers }: Answer): object => ({
  status,
  body: { ...body, request_id: null },
  seq: headers.get('shop-seq'),
  epoch: headers.get('shop-epoch'),
  type: headers.get('content-type'),
});

const headOf = async (person: Person): Promise<number> => (await person.get('/api/work-orders?limit=1')).seq;

/** Asks twice, and fails unless the second answer is the first one given again, with nothing done. */
export async function twice(person: Person, command: Command, key: string = randomUUID()): Promise<Answer> {
  const first = await once(person, key, command);
  expect(first.headers.get(replayed)).toBeNull();
  const head = await headOf(person);
  const second = await once(person, key, command);
  expect(same(second)).toStrictEqual(same(first));
  expect(second.headers.get(replayed)).toBe('true');
  expect(await headOf(person)).toBe(head);
  return first;
}

export const newCustomer = (name: string): Command => ['POST', '/api/customers', { name }];
