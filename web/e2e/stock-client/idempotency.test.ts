// `Idempotency-Key`: what was asked for once is done once, and answered the same when it is asked for again (contract
// section 3).
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { type Command, newCustomer, once, replayed, same, twice } from '../once.ts';
import { Orders } from '../orders.ts';
import { password } from '../people.ts';
import type { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { type Answer, request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure } from '../shapes.ts';
import { takeIn } from '../tickets.ts';
import type { Customer, Note, WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const order = await orders.take({ technician: null });

const headOf = async (): Promise<number> => (await admin.get('/api/work-orders?limit=1')).seq;
const customersNamed = async (name: string): Promise<Customer[]> =>
  (await desk.customers()).filter(each => each.name === name);

const [customer] = await desk.customers();

describe('the same key and body give the same answer, and are done once', () => {
  const commands: [string, Person, number, () => Promise<Command>][] = [
    ['a new customer', desk, 201, async () => newCustomer('Once Only')],
    [
      'a changed customer',
      desk,
      200,
      async () => ['PATCH', `/api/customers/${customer!.id}`, { notes: randomUUID() }],
    ],
    [
      'a new user',
      admin,
      201,
      async () => [
        'POST',
        '/api/users',
        { name: 'Una Once', email: 'una@shopbell.test', role: 'technician', password },
      ],
    ],
    [
      'a changed user',
      admin,
      200,
      async () => [
        'PATCH',
        `/api/users/${(await server.hire('front_desk', 'Ulla Change')).id}`,
        { name: 'Ulla' },
      ],
    ],
    [
      'a new ticket',
      desk,
      201,
      async () => [
        'POST',
        '/api/tickets',
        { customer_id: customer!.id, device: 'Radio', problem_description: 'Silent' },
      ],
    ],
    [
      'a changed ticket',
      desk,
      200,
      async () => ['PATCH', `/api/tickets/${(await takeIn(desk)).row.id}`, { notes: 'Seen' }],
    ],
    [
      'a cancelled ticket',
      desk,
      200,
      async () => ['PATCH', `/api/tickets/${(await takeIn(desk)).row.id}`, { status: 'cancelled' }],
    ],
    [
      'a converted ticket',
      manager,
      201,
      async () => [
        'POST',
        `/api/tickets/${(await takeIn(desk)).row.id}/convert`,
        { technician_id: jelena.id },
      ],
    ],
    [
      'a new order',
      desk,
      201,
      async () => [
        'POST',
        '/api/work-orders',
        { customer_id: customer!.id, device: 'Radio', description: 'Silent', technician_id: tarik.id },
      ],
    ],
    [
      'a changed order',
      manager,
      200,
      async () => ['PATCH', `/api/work-orders/${order.id}`, { description: randomUUID() }],
    ],
    [
      'an assigned order, whose technician is told once',
      manager,
      200,
      async () => [
        'PATCH',
        `/api/work-orders/${(await orders.take({ technician: null })).id}`,
        { technician_id: jelena.id },
      ],
    ],
    [
      'many orders',
      manager,
      200,
      async () => [
        'PATCH',
        '/api/work-orders/bulk',
        { ids: [order.id], changes: { technician_id: null, description: randomUUID() } },
      ],
    ],
    [
      'a change that changes nothing',
      manager,
      200,
      async () => {
        const { description } = await manager.order(order.id);
        return ['PATCH', `/api/work-orders/${order.id}`, { description }];
      },
    ],
    [
      'a note',
      jelena,
      201,
      async () => ['POST', `/api/work-orders/${order.id}/notes`, { content: 'Look, @Dana Horvat' }],
    ],
    [
      'a notification that is read',
      jelena,
      200,
      async () => {
        const mine = await orders.take({ technician: null });
        await manager.change(mine.id, { technician_id: jelena.id });
        const [row] = await jelena.notifications('&unread=true');
        return ['PATCH', `/api/notifications/${row!.id}`, { is_read: true }];
      },
    ],
    [
      'all notifications that are read',
      jelena,
      200,
      async () => ['POST', '/api/notifications/mark-all-read', { up_to_id: 1_000_000 }],
    ],
  ];

  test.each(commands)('%s', async (_what, person, status, command) => {
    const everyone = [admin, manager, desk, tarik, jelena];
    const first = await twice(person, await command());
    expect(first.status).toBe(status);
    for (const each of everyone) {
      expect(await each.unread()).toBe((await each.notifications('&unread=true')).length);
    }
  });

  test.each([
    ['a person', () => `/api/websocket/emit/${desk.id}`],
    ['a role', () => '/api/websocket/emit/role/front_desk'],
    ['a room', () => `/api/websocket/emit/room/user_${desk.id}`],
  ])('a test emit to %s', async (_what, path) => {
    const connection = await desk.connect();
    const first = await twice(admin, ['POST', path(), { event: 'once_only', data: { a: 1 } }]);
    expect(first.status).toBe(200);
    await pulse.reach(connection);
    expect(connection.received.filter(event => event.name === 'once_only')).toHaveLength(1);
  });

  test('the sockets are told once too, with the number that both answers have', async () => {
    const connection = await desk.connect();
    const { seq } = await twice(manager, [
      'PATCH',
      `/api/work-orders/${order.id}`,
      { description: 'Told once' },
    ]);
    await orders.fence(connection);
    const told = connection.all('work_order_updated').filter(event => event.workOrderId === order.id);
    expect(told.map(event => event.seq)).toEqual([seq]);
  });

  test('device_passcode is null in the kept answer, and stored all the same', async () => {
    const [method, path] = ['POST', '/api/work-orders'];
    const body = {
      customer_id: order.customer_id,
      device: 'Phone',
      description: 'x',
      device_passcode: '1379',
    };
    const { body: answer } = await twice(manager, [method, path, body]);
    const made = answer['data'] as WorkOrder;
    expect(made.device_passcode).toBeNull();
    expect((await manager.order(made.id)).device_passcode).toBe('1379');
  });
});

describe('another body under the same key', () => {
  test('is 422 idempotency_key_reused, and not done', async () => {
    const key = randomUUID();
    expect((await once(desk, key, newCustomer('First Body'))).status).toBe(201);
    const answer = await once(desk, key, newCustomer('Second Body'));
    expect(answer.status).toBe(422);
    expect(answer.body).toStrictEqual(failure('idempotency_key_reused'));
    expect(await customersNamed('Second Body')).toEqual([]);
    // The first one is still kept.
    expect((await once(desk, key, newCustomer('First Body'))).headers.get(replayed)).toBe('true');
  });
});

describe('a key counts', () => {
  test('for one person: somebody else does their own', async () => {
    const key = randomUUID();
    const command = newCustomer('Twice By Two');
    const answers = [await once(desk, key, command), await once(manager, key, command)];
    expect(answers.map(answer => answer.status)).toEqual([201, 201]);
    expect(answers[1]!.headers.get(replayed)).toBeNull();
    expect(await customersNamed('Twice By Two')).toHaveLength(2);
  });

  test('for one route: another one does its own', async () => {
    const key = randomUUID();
    const other = await orders.take({ technician: null });
    const content = { content: 'The same words' };
    for (const id of [order.id, other.id]) {
      const answer = await once(desk, key, ['POST', `/api/work-orders/${id}/notes`, content]);
      expect([answer.status, answer.headers.get(replayed)]).toEqual([201, null]);
      const notes = await desk.get<{ data: Note[] }>(`/api/work-orders/${id}/notes`);
      expect(notes.body.data.filter(note => note.content === 'The same words')).toHaveLength(1);
    }
  });

  test('for nobody who has no token', async () => {
    const key = randomUUID();
    const headers = { 'idempotency-key': key };
    const refused = await request('POST', `${server.url}/api/customers`, { body: { name: 'Late' }, headers });
    expect(refused.status).toBe(401);
    const answer = await once(desk, key, newCustomer('Late'));
    expect([answer.status, answer.headers.get(replayed)]).toEqual([201, null]);
  });
});

describe('of refusals are kept', () => {
  const kept: [number, string, Person, () => Promise<Command>][] = [
    [400, 'a body that does not validate', desk, async () => ['POST', '/api/customers', { name: '' }]],
    [400, 'a body of the wrong type', desk, async () => ['POST', '/api/customers', { name: 5 }]],
    [422, 'an unknown field', desk, async () => ['POST', '/api/customers', { name: 'A', shoe_size: 44 }]],
    [403, 'what one may not', tarik, async () => ['POST', '/api/customers', { name: 'Not his' }]],
    [
      404,
      'what does not exist',
      manager,
      async () => ['PATCH', '/api/work-orders/999999', { description: 'x' }],
    ],
  ];
  test.each(kept)('%i: %s', async (status, _what, person, command) => {
    expect((await twice(person, await command())).status).toBe(status);
  });

  test('404 also when it could be done by now; under another key it is', async () => {
    const hers = await orders.take({ technician: jelena, status: 'intake' });
    const command: Command = ['PATCH', `/api/work-orders/${hers.id}`, { description: 'By Tarik' }];
    const key = randomUUID();
    expect((await once(tarik, key, command)).status).toBe(404);
    await manager.change(hers.id, { technician_id: tarik.id });
    const again = await once(tarik, key, command);
    expect([again.status, again.headers.get(replayed)]).toEqual([404, 'true']);
    expect((await once(tarik, randomUUID(), command)).status).toBe(200);
  });

  test('412, with the row of then', async () => {
    const key = randomUUID();
    const ask = (): Promise<Answer> =>
      manager.call('PATCH', `/api/work-orders/${order.id}`, {
        body: { description: 'Stale' },
        headers: { 'idempotency-key': key, 'if-match': '"1"' },
      });
    await manager.change(order.id, { description: 'Newer' });
    const first = await ask();
    expect(first.status).toBe(412);
    await manager.change(order.id, { description: 'Newer still' });
    const second = await ask();
    expect(same(second)).toStrictEqual(same(first));
    expect(second.headers.get(replayed)).toBe('true');
  });

  test('not 409: asked again when it can be done, it is done', async () => {
    const stuck = await orders.take({ status: 'intake' });
    const command: Command = ['PATCH', `/api/work-orders/${stuck.id}`, { status: 'picked_up' }];
    const key = randomUUID();
    expect((await once(desk, key, command)).status).toBe(409);
    await orders.bring(stuck.id, { status: 'ready_for_pickup' });
    const done = await once(desk, key, command);
    expect([done.status, done.headers.get(replayed)]).toEqual([200, null]);
    expect((await once(desk, key, command)).headers.get(replayed)).toBe('true');
  });
});

describe('a key', () => {
  test.each([
    ['empty', ''],
    ['with a space inside', 'a b'],
    ['of 256 characters', 'x'.repeat(256)],
    ['with a character beyond ASCII', 'clé'],
  ])('%s is 400, and nothing is done', async (_what, key) => {
    const head = await headOf();
    const answer = await once(desk, key, newCustomer('Bad Key'));
    expect(answer.status).toBe(400);
    expect(answer.body).toStrictEqual(failure('malformed'));
    expect(await headOf()).toBe(head);
    expect(await customersNamed('Bad Key')).toEqual([]);
  });

  test.each([['a'], ['x'.repeat(255)], ['!"#$%&()*+,-./:;<=>?@[]^_`{|}~']])('%s is good', async key => {
    expect((await twice(desk, newCustomer('Good Key'), key)).status).toBe(201);
  });

  test('is ignored on GET and DELETE', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const read = (): Promise<Answer> => desk.call('GET', `/api/work-orders/${order.id}`, { headers });
    const before = await read();
    await manager.change(order.id, { description: 'Read anew' });
    const after = await read();
    expect(after.body).not.toEqual(before.body);
    expect(after.headers.get(replayed)).toBeNull();
    const mine = await orders.take({ technician: null });
    await manager.change(mine.id, { technician_id: tarik.id });
    const [row] = await tarik.notifications();
    const remove = (): Promise<Answer> => tarik.call('DELETE', `/api/notifications/${row!.id}`, { headers });
    expect((await remove()).status).toBeOneOf([200, 204]);
    expect((await remove()).status).toBe(404);
  });

  test('is ignored on /api/auth', async () => {
    const login = (): Promise<Answer<{ data: { refresh_token: string } }>> =>
      request('POST', `${server.url}/api/auth/login`, {
        body: { email: desk.demo.email, password },
        headers: { 'idempotency-key': 'login' },
      });
    const [first, second] = [await login(), await login()];
    expect(second.headers.get(replayed)).toBeNull();
    expect(second.body.data.refresh_token).not.toBe(first.body.data.refresh_token);
  });
});
