// "Official clients in any language work with nothing but a URL and a token" (contract section 6).
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people, staff } from '../people.ts';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure, time } from '../shapes.ts';
import { claimsOf, now, sign } from '../tokens.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');

const ways = [
  { name: 'polling first', transports: ['polling', 'websocket'], ends: 'websocket' },
  { name: 'websocket first', transports: ['websocket', 'polling'], ends: 'websocket' },
  { name: 'websocket only', transports: ['websocket'], ends: 'websocket' },
  { name: 'polling only', transports: ['polling'], ends: 'polling' },
];

describe.each(ways)('$name', ({ transports, ends }) => {
  test('connects with {auth:{token}} and ends on the best transport', async () => {
    const connection = await manager.connect({ transports });
    expect(connection.socket.id).toEqual(expect.any(String));
    if (ends === 'websocket') await connection.upgraded();
    expect(connection.transport).toBe(ends);
  });

  test('joins a room and is sent a change by another person', async () => {
    const order = await orders.take();
    const connection = await manager.connect({ transports });
    expect(await connection.ask('join_room', `work_order_${order.id}`)).toMatchObject({ ok: true });
    const { seq } = await desk.change(order.id, { description: `Changed for ${transports.join(' and ')}` });
    const event = await connection.event('work_order_updated', each => each.seq === seq);
    expect(event.workOrder.description).toBe(`Changed for ${transports.join(' and ')}`);
  });

  test('goes on without a gap or a repetition while the transport is upgraded', async () => {
    const order = await orders.take();
    const connection = manager.prepare({ transports });
    const seqs: number[] = [];
    await connection.opened();
    for (let i = 0; i < 20; i += 1) {
      // One after the other: their order is what is checked.
      seqs.push((await desk.change(order.id, { description: `Change ${i}` })).seq);
    }
    await connection.event('work_order_updated', event => event.seq === seqs.at(-1));
    const came = connection.all('work_order_updated').filter(event => event.workOrderId === order.id);
    expect(came.map(event => event.seq)).toEqual(seqs);
  });
});

test.each([...staff, 'otherAdmin', 'otherTechnician'] as const)('every role connects: %s', async who => {
  const person = await server.as(who);
  const connection = await person.connect();
  expect(connection.socket.connected).toBe(true);
});

test('the handshake has exactly the keys sid, upgrades, pingInterval, pingTimeout, maxPayload', async () => {
  const answer = await request<unknown>('GET', `${server.url}/socket.io/?EIO=4&transport=polling`);
  expect(answer.status).toBe(200);
  const [first] = String(answer.body).split('\x1e');
  expect(JSON.parse(String(first).slice(1))).toStrictEqual({
    sid: expect.any(String),
    upgrades: ['websocket'],
    pingInterval: 25_000,
    pingTimeout: 20_000,
    maxPayload: 65_536,
  });
});

describe('Authorization: Bearer', () => {
  const header = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  test.each([['polling'], ['websocket']])('is accepted in the handshake over %s', async transport => {
    const connection = await manager.connect({
      auth: {},
      extraHeaders: header(manager.accessToken),
      transports: [transport],
    });
    expect(connection.socket.connected).toBe(true);
  });

  test('in the handshake the auth payload wins over the header', async () => {
    const good = await manager.connect({ extraHeaders: header('no token at all') });
    expect(good.socket.connected).toBe(true);
    const bad = manager.prepare({
      auth: { token: 'no token at all' },
      extraHeaders: header(manager.accessToken),
    });
    expect((await bad.refused()).data?.code).toBe('invalid_token');
  });
});

describe('a token never goes into a query string', () => {
  test.each([
    ['GET', '/api/work-orders?token='],
    ['GET', '/api/work-orders?access_token='],
    ['GET', '/api/auth/me?limit=1&token='],
    ['POST', '/api/auth/login?access_token='],
    ['GET', '/api/websocket/health?token='],
    ['GET', '/socket.io/?EIO=4&transport=polling&token='],
    ['GET', '/socket.io/?EIO=4&transport=polling&access_token='],
  ])('%s %s is 400 token_in_query', async (method, path) => {
    const answer = await manager.call(method, path + manager.accessToken);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'token_in_query' });
    if (path.startsWith('/api')) expect(answer.body).toStrictEqual(failure('token_in_query'));
  });

  test.each([['token'], ['access_token']])('a stock client with {query:{%s}} is not let in', async name => {
    const connection = manager.prepare({ query: { [name]: manager.accessToken }, reconnection: false });
    await expect(connection.opened()).rejects.toThrow('xhr poll error');
  });
});

test('a valid token signed by hand is accepted: only its claims count', async () => {
  const connection = await manager.connect({ auth: { token: sign(claimsOf(manager)) } });
  expect(connection.socket.connected).toBe(true);
});

test("the role that counts is the database's, not the claim's", async () => {
  const tarik = await server.as('tarik');
  const token = sign({ ...claimsOf(tarik), role: 'admin', exp: now() + 60 });
  const hidden = await orders.take({ technician: await server.as('jelena') });
  const answer = await request('GET', `${server.url}/api/work-orders/${hidden.id}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(404);
  const connection = await tarik.connect({ auth: { token } });
  expect(await connection.ask('join_room', `work_order_${hidden.id}`)).toMatchObject({ code: 'forbidden' });
});

test('GET /api/websocket/health is open to anyone and counts connected users once', async () => {
  const one = await server.signInAgain('desk');
  const before = await one.connect();
  const second = await one.connect();
  const answer = await request('GET', `${server.url}/api/websocket/health`);
  expect(answer.status).toBe(200);
  expect(answer.body).toStrictEqual({
    service: 'websocket',
    status: 'active',
    connectedUsers: expect.any(Number),
    timestamp: time,
  });
  expect(answer.body['connectedUsers']).toBeGreaterThanOrEqual(1);
  expect(answer.body['connectedUsers']).toBeLessThanOrEqual(Object.keys(people).length);
  before.close();
  second.close();
});
