// `Idempotency-Key` when it matters: asked at once, by one who hung up, over kills, and for a day (contract section 3).
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { hangUp } from '../hangUp.ts';
import { newCustomer, once, replayed, same } from '../once.ts';
import { startServer } from '../server.ts';
import { failure } from '../shapes.ts';
import type { Customer } from '../wire.ts';

const hour = 3600;
const server = await startServer({
  clocked: true,
  settings: { SHOPBELL__AUTH__ACCESS_TTL_S: `${100 * hour}` },
});
afterAll(() => server.discard());
const desk = await server.as('desk');

const customersNamed = async (name: string): Promise<Customer[]> =>
  (await desk.customers()).filter(each => each.name === name);

describe('at once', () => {
  test('ten of the same are done once; the others have the same answer or 409', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [key, name] = [randomUUID(), `At Once ${round}`];
      const answers = await Promise.all(Array.from({ length: 10 }, () => once(desk, key, newCustomer(name))));
      const done = answers.filter(answer => answer.status === 201);
      const refused = answers.filter(answer => answer.status !== 201);
      for (const { status, body } of refused) {
        expect([status, body]).toStrictEqual([409, failure('conflict')]);
      }
      expect(done.length).toBeGreaterThan(0);
      for (const answer of done) expect(same(answer)).toStrictEqual(same(done[0]!));
      expect(done.filter(answer => answer.headers.get(replayed) === null)).toHaveLength(1);
      expect(await customersNamed(name)).toHaveLength(1);
    }
  });

  test('what was asked for by one who hung up is done at most once when it is asked for again', async () => {
    for (const ms of [0, 1, 2, 4, 8, 16, 32, 64]) {
      const [key, name] = [randomUUID(), `Hung Up ${ms}`];
      const headers = { 'Idempotency-Key': key };
      await hangUp(server, desk, ['POST', '/api/customers'], { name }, ms, headers);
      let answer = await once(desk, key, newCustomer(name));
      while (answer.status === 409) answer = await once(desk, key, newCustomer(name));
      expect(answer.status).toBe(201);
      expect(await customersNamed(name)).toMatchObject([{ id: (answer.body['data'] as Customer).id }]);
    }
  });
});

describe('what was answered', () => {
  test('is answered the same after kill -9 right behind the answer', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [key, name] = [randomUUID(), `Killed ${round}`];
      const first = await once(desk, key, newCustomer(name));
      expect(first.status).toBe(201);
      await server.end('SIGKILL');
      await server.start();
      const second = await once(desk, key, newCustomer(name));
      expect(same(second)).toStrictEqual(same(first));
      expect(second.headers.get(replayed)).toBe('true');
      expect(await customersNamed(name)).toHaveLength(1);
    }
  });

  test('is done at most once however often the program is killed in the middle of it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [key, name] = [randomUUID(), `Killed Within ${round}`];
      const asked = once(desk, key, newCustomer(name)).catch(() => undefined);
      server.signal('SIGKILL');
      await server.end('SIGKILL');
      const first = await asked;
      await server.start();
      const second = await once(desk, key, newCustomer(name));
      expect(second.status).toBe(201);
      if (first !== undefined) expect(same(second)).toStrictEqual(same(first));
      expect(await customersNamed(name)).toHaveLength(1);
    }
  });

  test('is kept for 24 h; then the same is done anew', async () => {
    const key = randomUUID();
    const command = newCustomer('Day By Day');
    const first = await once(desk, key, command);
    await server.advance(24 * hour - 60);
    expect(same(await once(desk, key, command))).toStrictEqual(same(first));
    await server.advance(120);
    const anew = (await once(desk, key, command)).body;
    expect((anew['data'] as Customer).id).not.toBe((first.body['data'] as Customer).id);
    expect(await customersNamed('Day By Day')).toHaveLength(2);
    expect((await once(desk, key, command)).body).toStrictEqual(anew);
  });
});
