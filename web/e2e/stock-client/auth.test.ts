// Signing in, refreshing and signing out (contract section 2).
import { afterAll, describe, expect, test } from 'vitest';
import { password, people } from '../people.ts';
import type { Person } from '../person.ts';
import { type Answer, request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure } from '../shapes.ts';

const server = await startServer({ settings: { SHOPBELL__AUTH__REFRESH_GRACE_S: '0' } });
const patient = await startServer();
afterAll(() => Promise.all([server.discard(), patient.discard()]));

interface Pair {
  data: { access_token: string; refresh_token: string };
}
const login = (body: unknown): Promise<Answer> => request('POST', `${server.url}/api/auth/login`, { body });
const refresh = (token: string, at = server): Promise<Answer<Pair>> =>
  request<Pair>('POST', `${at.url}/api/auth/refresh`, { body: { refresh_token: token } });
const me = (token: string, at = server): Promise<Answer> =>
  request('GET', `${at.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });

describe('POST /api/auth/login', () => {
  test.each(Object.values(people))('answers {user, access_token, refresh_token, …}: $email', async person => {
    const answer = await login({ email: person.email, password });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'success',
      data: {
        user: { id: expect.any(Number), name: person.name, role: person.role, email: person.email },
        access_token: expect.any(String),
        refresh_token: expect.any(String),
      },
    });
  });

  test('a wrong password and an unknown user are 401 invalid_credentials with the same body', async () => {
    const wrong = await login({ email: people.desk.email, password: 'not this' });
    const unknown = await login({ email: 'nobody@shopbell.test', password });
    for (const answer of [wrong, unknown]) {
      expect(answer.status).toBe(401);
      expect(answer.body).toStrictEqual(failure('invalid_credentials'));
    }
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  });

  test.each([
    ['no password', { email: people.desk.email }, 400],
    ['nothing', {}, 400],
    ['a number', { email: people.desk.email, password: 5 }, 400],
    ['a field too many', { email: people.desk.email, password, admin: true }, 422],
  ])('with %s is refused', async (_name, body, status) => {
    expect((await login(body)).status).toBe(status);
  });
});

test('GET /api/auth/me is the caller', async () => {
  const jelena = await server.as('jelena');
  const answer = await me(jelena.accessToken);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ data: { id: jelena.id, name: 'Jelena Đurić', role: 'technician' } });
});

describe('POST /api/auth/refresh', () => {
  test('gives a new pair that works, in the stock client too', async () => {
    const desk = await server.signInAgain('desk');
    const { body } = await refresh(desk.refreshToken);
    expect(body.data.refresh_token).not.toBe(desk.refreshToken);
    expect((await me(body.data.access_token)).status).toBe(200);
    const connection = await desk.connect({ auth: { token: body.data.access_token } });
    expect(connection.socket.connected).toBe(true);
  });

  test('a spent one used again within the grace gives a working pair of the same family', async () => {
    const desk = await patient.signInAgain('desk');
    const first = await refresh(desk.refreshToken, patient);
    const second = await refresh(desk.refreshToken, patient);
    expect([first.status, second.status]).toEqual([200, 200]);
    for (const { body } of [first, second]) {
      expect((await me(body.data.access_token, patient)).status).toBe(200);
    }
  });

  test('later it revokes the whole family and closes its sockets, and no other', async () => {
    const stolen = await server.signInAgain('desk');
    const other = await server.signInAgain('desk');
    const [connection, safe] = [await stolen.connect(), await other.connect()];
    const closed = connection.closed();
    const { body } = await refresh(stolen.refreshToken);
    const again = await refresh(stolen.refreshToken);
    expect(again.status).toBe(401);
    expect(again.body).toStrictEqual(failure('invalid_token'));
    expect(await closed).toBe('io server disconnect');
    for (const token of [stolen.accessToken, body.data.access_token]) {
      expect((await me(token)).status).toBe(401);
    }
    expect((await refresh(body.data.refresh_token)).status).toBe(401);
    expect((await me(other.accessToken)).status).toBe(200);
    expect(safe.socket.connected).toBe(true);
  });

  test.each([['an access token'], ['nonsense'], ['an empty text']])('refuses %s', async what => {
    const desk = await server.as('desk');
    const tokens: Record<string, string> = { 'an access token': desk.accessToken, nonsense: 'abc' };
    const answer = await refresh(tokens[what] ?? '');
    expect(answer.status).toBeOneOf([400, 401]);
  });
});

describe('POST /api/auth/logout', () => {
  const logout = (person: Person): Promise<Answer> => person.call('POST', '/api/auth/logout');

  test("revokes the access token's family and closes its sockets", async () => {
    const leaver = await server.signInAgain('manager');
    const other = await server.signInAgain('manager');
    const [connection, safe] = [await leaver.connect(), await other.connect()];
    const closed = connection.closed();
    expect((await logout(leaver)).status).toBeOneOf([200, 204]);
    // A DISCONNECT packet: a stock client does not come back by itself.
    expect(await closed).toBe('io server disconnect');
    expect(connection.socket.active).toBe(false);
    const answer = await me(leaver.accessToken);
    expect(answer.status).toBe(401);
    expect(answer.body).toStrictEqual(failure('invalid_token'));
    expect((await refresh(leaver.refreshToken)).status).toBe(401);
    expect((await leaver.prepare().refused()).data).toStrictEqual({ code: 'invalid_token' });
    expect(safe.socket.connected).toBe(true);
    expect((await me(other.accessToken)).status).toBe(200);
  });
});
