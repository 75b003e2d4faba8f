// "Refusals arrive as connect_error with message … and data.code …" (contract sections 2 and 6), and the same tokens by REST.
import { afterAll, describe, expect, test } from 'vitest';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure } from '../shapes.ts';
import { claimsOf, now, sign } from '../tokens.ts';

const server = await startServer();
afterAll(() => server.discard());
const manager = await server.as('manager');
const otherAdmin = await server.as('otherAdmin');
const claims = claimsOf(manager);
const { exp: _, ...withoutExp } = claims;

const messages = {
  authentication_required: 'Authentication token required',
  invalid_token: 'Invalid authentication token',
  // The contract has three messages; expiry is told apart by its code.
  token_expired: 'Invalid authentication token',
};

const refusals: readonly [string, string, keyof typeof messages][] = [
  ['a bad token', 'abc', 'invalid_token'],
  ['three parts of nothing', '..', 'invalid_token'],
  ['a refresh token used as an access token', manager.refreshToken, 'invalid_token'],
  ['a signed token of typ refresh', sign({ ...claims, typ: 'refresh' }), 'invalid_token'],
  ['an expired token', sign({ ...claims, iat: now() - 60, exp: now() - 1 }), 'token_expired'],
  ['a missing exp', sign(withoutExp), 'invalid_token'],
  ['nbf in the future', sign({ ...claims, nbf: now() + 120 }), 'invalid_token'],
  ['alg none', sign(claims, { header: { alg: 'none', typ: 'JWT' } }), 'invalid_token'],
  [
    'another algorithm of the same key',
    sign(claims, { header: { alg: 'HS512', typ: 'JWT' } }),
    'invalid_token',
  ],
  ['another secret', sign(claims, { key: 'b'.repeat(64) }), 'invalid_token'],
  ['a user who is not in the database', sign({ ...claims, id: 999_999 }), 'invalid_token'],
  ['an id that belongs to another shop', sign({ ...claims, id: otherAdmin.id }), 'invalid_token'],
  ['a token of another shop', sign({ ...claims, shop: 2 }), 'invalid_token'],
];

describe.each(refusals)('%s', (_name, token, code) => {
  test.each([['polling'], ['websocket']])(`is refused with ${code} over %s`, async transport => {
    const connection = manager.prepare({ auth: { token }, transports: [transport] });
    const refusal = await connection.refused();
    expect(refusal.message).toBe(messages[code]);
    expect(refusal.data).toStrictEqual({ code });
    // A CONNECT_ERROR ends a stock client's retries.
    expect(connection.socket.active).toBe(false);
    expect(connection.received).toEqual([]);
  });

  test(`is 401 ${code} by REST`, async () => {
    const answer = await request('GET', `${server.url}/api/work-orders`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
    expect(answer.body).toStrictEqual(failure(code));
  });
});

test('no auth payload at all is authentication_required', async () => {
  const refusal = await manager.prepare({ auth: {} }).refused();
  expect(refusal.message).toBe('Authentication token required');
  expect(refusal.data).toStrictEqual({ code: 'authentication_required' });
});

test.each([
  ['an empty text', ''],
  ['a number', 5],
  ['null', null],
  ['an object', { token: 'x' }],
  ['a list', ['x']],
])('a token that is %s is refused', async (_name, token) => {
  const refusal = await manager.prepare({ auth: { token } }).refused();
  expect(refusal.data?.code).toBeOneOf(['invalid_token', 'authentication_required']);
});

test.each([['Basic abc'], ['Bearer'], ['bearer '], ['Token abc']])(
  'the header "Authorization: %s" is 401',
  async authorization => {
    const answer = await request('GET', `${server.url}/api/auth/me`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  },
);

test('a refused client does not disturb one that is connected', async () => {
  const good = await manager.connect();
  await manager.prepare({ auth: { token: 'abc' } }).refused();
  expect(good.socket.connected).toBe(true);
  expect(await good.ask('leave_room', 'work_order_1')).toHaveProperty('ok');
});

test('origins outside the allow-list get 403 before a session exists', async () => {
  const answer = await request('GET', `${server.url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: 'https://elsewhere.test' },
  });
  expect(answer.status).toBe(403);
});
