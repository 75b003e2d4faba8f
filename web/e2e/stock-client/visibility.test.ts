// Who sees what: shops, orders and fields, over every event and route that exist (contract sections 1, 4 and 6).
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people, staff, type Who } from '../people.ts';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure, workOrder } from '../shapes.ts';
import type { WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const otherAdmin = await server.as('otherAdmin');

describe('the other shop', () => {
  test("receives nothing of this one's changes", async () => {
    const order = await orders.take({ status: 'intake', technician: tarik });
    const others = await Promise.all(
      (['otherAdmin', 'otherTechnician'] as const).map(async who => (await server.as(who)).connect()),
    );
    const own = await manager.connect();
    await desk.change(order.id, { status: 'diagnosing', technician_id: jelena.id, priority: 'urgent' });
    // Two fences here: the walk that sends an event is over when the next one has come.
    await orders.fence(own);
    await orders.fence(own);
    const theirs = (await otherAdmin.orders()).find(each => each.technician_id === null);
    if (theirs === undefined) throw new Error('shop 2 has no unassigned demo order');
    const { seq } = await otherAdmin.change(theirs.id, { description: 'A fence in the other shop' });
    await Promise.all(others.map(each => each.event('work_order_updated', event => event.seq === seq)));
    for (const connection of others) {
      expect(connection.all('work_order_updated').map(event => event.workOrderId)).toEqual([theirs.id]);
      expect(connection.all('notification_received')).toEqual([]);
      expect(connection.all('work_order_removed')).toEqual([]);
    }
    expect(own.all('work_order_updated').map(event => event.workOrderId)).not.toContain(theirs.id);
  });

  test("finds this one's order as little as one that never was", async () => {
    const order = await orders.take();
    const strip = (answer: { status: number; body: object }): object => ({
      ...answer.body,
      request_id: null,
      http: answer.status,
    });
    const foreign = strip(await otherAdmin.get(`/api/work-orders/${order.id}`));
    const missing = strip(await otherAdmin.get('/api/work-orders/999999'));
    expect(foreign).toEqual(missing);
    expect(missing).toMatchObject({ http: 404, code: 'not_found' });
    const patched = await otherAdmin.patchOrder(order.id, { description: 'Mine now' });
    expect(patched.status).toBe(404);
  });

  test('has lists, people and searches of its own', async () => {
    const order = await orders.take();
    const [mine, theirs] = [await admin.orders(), await otherAdmin.orders()];
    expect(new Set([...mine, ...theirs].map(each => each.id)).size).toBe(mine.length + theirs.length);
    const search = await otherAdmin.orders(`&search=${encodeURIComponent(order.customer_name)}`);
    expect(search.map(each => each.id)).not.toContain(order.id);
    const users = await otherAdmin.get<{ data: { email: string }[] }>('/api/users?limit=100');
    expect(users.body.data.map(each => each.email)).not.toContain(people.admin.email);
    const foreign = await otherAdmin.get<{ data: unknown[] }>(`/api/work-orders?technician_id=${tarik.id}`);
    expect(foreign.body.data).toEqual([]);
  });

  test("can't be assigned to: its technician is as unknown as a number that never was", async () => {
    const order = await orders.take();
    const theo = await server.as('otherTechnician');
    const foreign = await manager.patchOrder(order.id, { technician_id: theo.id });
    const missing = await manager.patchOrder(order.id, { technician_id: 999_999 });
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect(foreign.status).toBe(missing.status);
    expect(foreign.body.code).toBe(missing.body.code);
    expect((await admin.order(order.id)).technician_id).toBe(order.technician_id);
  });
});

describe('a person who may not see a work order', () => {
  test('gets 404 by REST, no row in the list, and none by search or filter', async () => {
    const order = await orders.take({ technician: jelena });
    const read = await tarik.get(`/api/work-orders/${order.id}`);
    expect(read.status).toBe(404);
    expect(read.body).toStrictEqual(failure('not_found'));
    const write = await tarik.patchOrder(order.id, { technician_id: tarik.id });
    expect(write.status).toBe(404);
    const filters = ['', `&technician_id=${jelena.id}`, `&search=${order.number}`, `&status=${order.status}`];
    for (const list of await Promise.all(filters.map(filter => tarik.orders(filter)))) {
      expect(list.map(each => each.id)).not.toContain(order.id);
    }
  });

  test('a technician sees exactly their own and the pool', async () => {
    const all = await admin.orders();
    const expected = all.filter(each => each.technician_id === tarik.id || each.technician_id === null);
    const seen = await tarik.orders();
    expect(new Set(seen.map(each => each.id))).toEqual(new Set(expected.map(each => each.id)));
  });
});

const secrets = { phone: '', email: '', cost: '4321.09', passcode: 'Pass-887766' };

/** An order of Tarik's whose hidden fields all have a value that stands nowhere else. */
async function orderWithSecrets(): Promise<WorkOrder> {
  let known = await orders.take();
  // Orders are few and take turns; one of the first whose customer left both.
  while (!known.customer_phone || !known.customer_email) known = await orders.take();
  await orders.bring(known.id, { technician: tarik, status: 'pending' });
  await admin.change(known.id, { cost_total: secrets.cost, device_passcode: secrets.passcode });
  secrets.phone = known.customer_phone ?? '';
  secrets.email = known.customer_email ?? '';
  return known;
}

/** Which secrets stand in this text. */
function found(value: unknown): string[] {
  const text = JSON.stringify(value);
  return Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

/** What each person may read of them by GET of the order. */
const mayRead: Record<(typeof staff)[number], readonly (keyof typeof secrets)[]> = {
  admin: ['phone', 'email', 'cost', 'passcode'],
  manager: ['phone', 'email', 'cost', 'passcode'],
  desk: ['phone', 'email'],
  tarik: ['passcode'],
  jelena: [],
};
const withoutPasscode = (who: keyof typeof mayRead): string[] =>
  mayRead[who].filter(each => each !== 'passcode');

const guarded = await orderWithSecrets();

describe('a hidden field is null', () => {
  test.each(['admin', 'manager', 'desk', 'tarik'] as const)('in GET of one order: %s', async who => {
    const answer = await (await server.as(who)).get<{ data: object }>(`/api/work-orders/${guarded.id}`);
    expect(answer.body.data).toStrictEqual(workOrder);
    expect(found(answer.body)).toEqual([...mayRead[who]]);
  });

  test.each(['admin', 'manager', 'desk', 'tarik'] as const)('in lists: %s', async who => {
    const list = await (await server.as(who)).get(`/api/work-orders?search=${guarded.number}&limit=100`);
    expect(list.body['data']).toHaveLength(1);
    expect(found(list.body)).toEqual(withoutPasscode(who));
  });

  test.each(['admin', 'manager', 'desk', 'tarik'] as const)('in answers to writes: %s', async who => {
    const person = await server.as(who);
    const answer = await person.patchOrder(guarded.id, { description: `As ${who} writes it` });
    expect(answer.status).toBe(200);
    expect(found(answer.body)).toEqual(withoutPasscode(who));
    const stale = await person.patchOrder(guarded.id, { description: 'Too late' }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    expect(found(stale.body)).toEqual(withoutPasscode(who));
  });

  test('in every event, for every role', async () => {
    const connections = await Promise.all(
      staff.map(async who => ({ who, connection: await (await server.as(who)).connect() })),
    );
    await admin.change(guarded.id, { status: 'parts_ordered', priority: 'urgent' });
    await admin.change(guarded.id, { device_passcode: null, cost_total: null });
    await admin.change(guarded.id, { device_passcode: secrets.passcode, cost_total: secrets.cost });
    await admin.change(guarded.id, { technician_id: jelena.id });
    await admin.change(guarded.id, { technician_id: tarik.id });
    await orders.fence(...connections.map(each => each.connection));
    for (const { who, connection } of connections) {
      expect(connection.received.length).toBeGreaterThan(3);
      const allowed = who === 'tarik' || who === 'jelena' ? [] : withoutPasscode(who);
      expect({ who, found: found(connection.received) }).toEqual({ who, found: allowed });
    }
  });

  test.each(staff)('in notifications, people and the caller: %s', async who => {
    const person = await server.as(who);
    const bodies = await Promise.all(
      [
        '/api/notifications?limit=100',
        '/api/notifications/count',
        '/api/users?limit=100',
        '/api/auth/me',
      ].map(async path => (await person.get(path)).body),
    );
    expect(found(bodies)).toEqual([]);
  });

  test.each([
    ['tarik', 'phone'],
    ['tarik', 'email'],
    ['tarik', 'passcode'],
    ['desk', 'passcode'],
    ['admin', 'passcode'],
    ['tarik', 'cost'],
    ['desk', 'cost'],
  ] as const)('and nothing is found by it: %s searches for the %s', async (who, secret) => {
    const list = await (await server.as(who)).orders(`&search=${encodeURIComponent(secrets[secret])}`);
    expect(list).toEqual([]);
  });
});

test.each(staff)('of staff everyone reads id, name, role, is_active; the rest is null: %s', async who => {
  const answer = await (
    await server.as(who)
  ).get<{ data: Record<string, unknown>[] }>('/api/users?limit=100');
  expect(answer.status).toBe(200);
  expect(answer.body.data).toHaveLength(5);
  for (const row of answer.body.data) {
    expect(Object.keys(row).toSorted()).toEqual([
      'created_at',
      'email',
      'id',
      'is_active',
      'last_seen',
      'name',
      'role',
      'updated_at',
      'version',
    ]);
    const { id, name, role, is_active, ...rest } = row;
    expect([id, name, role, is_active]).not.toContain(null);
    if (who !== 'admin') expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  }
});

test.each([
  ['GET', '/api/work-orders'],
  ['GET', '/api/work-orders/1'],
  ['PATCH', '/api/work-orders/1'],
  ['GET', '/api/users'],
  ['GET', '/api/notifications'],
  ['GET', '/api/notifications/count'],
  ['POST', '/api/notifications/mark-all-read'],
  ['GET', '/api/auth/me'],
  ['POST', '/api/auth/logout'],
] as const)('without a token %s %s is 401 authentication_required', async (method, path) => {
  const answer = await request(method, server.url + path, method === 'GET' ? {} : { body: {} });
  expect(answer.status).toBe(401);
  expect(answer.body).toStrictEqual(failure('authentication_required'));
});

test('the demo people are the ones of the contract, listed while the demo is on', async () => {
  const answer = await request<{ data: { email: string; name: string; role: string }[] }>(
    'GET',
    `${server.url}/api/auth/demo`,
  );
  expect(answer.status).toBe(200);
  const wanted = (Object.keys(people) as Who[]).map(who => people[who]);
  expect(answer.body.data).toHaveLength(wanted.length);
  for (const { email, name, role } of wanted) {
    expect(answer.body.data).toContainEqual(expect.objectContaining({ email, name, role }));
  }
});
