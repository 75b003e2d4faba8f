// A token that expires on an open socket, and `authenticate` in place (contract sections 2, 6 and 10). The program's clock is
// moved, not waited for.
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import { startServer } from '../server.ts';
import { refusal, time } from '../shapes.ts';
import { claimsOf, sign } from '../tokens.ts';

const server = await startServer({
  clocked: true,
  settings: { SHOPBELL__AUTH__ACCESS_TTL_S: '1000000' },
});
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const desk = await server.as('desk');
const tarik = await server.as('tarik');

const webSocket = { transports: ['websocket'] };

/** A token that lives for so many seconds of the program's clock. */
async function token(person: Person, seconds: number): Promise<{ token: string; expires: string }> {
  const exp = Math.floor((await server.now()) / 1000) + seconds;
  return {
    token: sign({ ...claimsOf(person), exp }),
    expires: new Date(exp * 1000).toISOString(),
  };
}

const eventNames = (raw: RawWebSocket): string[] => raw.events.map(([name]) => name as string);
const payloadOf = (raw: RawWebSocket, name: string): unknown =>
  raw.events.find(each => each[0] === name)?.[1];
const named = (name: string) => (text: string) => text.startsWith(`42["${name}"`);

describe('on an open socket', () => {
  test('`token_expiring` comes a minute before, `token_expired` after, and then the transport is closed', async () => {
    const { token: bearer, expires } = await token(desk, 600);
    const raw = await RawWebSocket.open(server, bearer);
    await server.advance(530);
    await raw.seq(await orders.fence());
    expect(eventNames(raw)).not.toContain('token_expiring');

    await server.advance(15);
    await raw.text(named('token_expiring'));
    expect(payloadOf(raw, 'token_expiring')).toStrictEqual({ expiresAt: expires, timestamp: time });
    await raw.seq(await orders.fence());
    expect(eventNames(raw)).not.toContain('token_expired');

    await server.advance(60);
    await raw.closed;
    expect(payloadOf(raw, 'token_expired')).toStrictEqual({ expiredAt: expires, timestamp: time });
    const { timestamp } = payloadOf(raw, 'token_expired') as { timestamp: string };
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(Date.parse(expires));
    expect(eventNames(raw).filter(name => name === 'token_expiring')).toHaveLength(1);
    expect(eventNames(raw).at(-1)).toBe('token_expired');
    // Neither of the packets that end a stock client's retries.
    expect(raw.texts.filter(text => /^4[14]/.test(text))).toEqual([]);
  });

  test('it is closed at most 5 s after, whenever the program looks', async () => {
    const { token: bearer, expires } = await token(desk, 5);
    const raw = await RawWebSocket.open(server, bearer);
    await raw.text(named('token_expiring'));
    const running = setInterval(() => void server.advance(1), 200);
    await raw.closed;
    clearInterval(running);
    const { timestamp } = payloadOf(raw, 'token_expired') as { timestamp: string };
    const late = Date.parse(timestamp) - Date.parse(expires);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(5000);
  });

  test('one that lives for less than a minute is warned of at once', async () => {
    const { token: bearer, expires } = await token(desk, 30);
    const raw = await RawWebSocket.open(server, bearer);
    await raw.text(named('token_expiring'));
    expect(payloadOf(raw, 'token_expiring')).toStrictEqual({ expiresAt: expires, timestamp: time });
  });

  test('a stock client comes back by itself with a new one, and is recovered', async () => {
    let bearer = (await token(desk, 120)).token;
    const auth = (give: (payload: object) => void): void => give({ token: bearer });
    const connection = await desk.connect({ ...webSocket, auth });
    await connection.event('notification_count_updated');
    const { id } = connection.socket;
    bearer = desk.accessToken;
    const closed = connection.closed();
    await server.advance(121);
    expect(await closed).toBe('transport close');
    await connection.event('token_expired');
    const seq = await orders.fence();
    await connection.reopened();
    expect(connection.recovered).toBe(true);
    expect(connection.socket.id).toBe(id);
    await connection.event('work_order_updated', event => event.seq === seq);
    expect(connection.seqs()).toEqual([seq]);
  });

  test('over polling too', async () => {
    const bearer = await token(desk, 120);
    const connection = await desk.connect({
      transports: ['polling'],
      auth: { token: bearer.token },
      reconnection: false,
    });
    const closed = connection.closed();
    await server.advance(65);
    expect(await connection.event('token_expiring')).toStrictEqual({
      expiresAt: bearer.expires,
      timestamp: time,
    });
    await server.advance(60);
    expect(await closed).toBeOneOf(['transport close', 'transport error']);
    expect(connection.all('token_expired')).toHaveLength(1);
  });

  test('at the return an expired one is refused', async () => {
    const bearer = (await token(desk, 120)).token;
    const connection = await desk.connect({ ...webSocket, auth: { token: bearer } });
    const closed = connection.closed();
    const refused = connection.refused();
    await server.advance(121);
    await closed;
    expect(await refused).toMatchObject({
      message: 'Invalid authentication token',
      data: { code: 'token_expired' },
    });
    expect(connection.socket.active).toBe(false);
  });
});

describe('`authenticate`', () => {
  test('replaces the token in place: what was to expire does not, and the new one does', async () => {
    const old = await token(desk, 120);
    const connection = await desk.connect({ ...webSocket, auth: { token: old.token } });
    const { id } = connection.socket;
    await server.advance(70);
    await connection.event('token_expiring');
    const next = await token(desk, 600);
    expect(await connection.ask('authenticate', { token: next.token })).toStrictEqual({
      ok: true,
      expiresAt: next.expires,
    });
    await server.advance(400);
    await orders.fence(connection);
    await pulse.reach(connection);
    expect(connection.socket.id).toBe(id);
    expect(connection.all('token_expiring')).toHaveLength(1);
    expect(connection.all('token_expired')).toEqual([]);
    const closed = connection.closed();
    await server.advance(145);
    await connection.event('token_expiring', event => event.expiresAt === next.expires);
    await server.advance(60);
    expect(await closed).toBe('transport close');
    expect(await connection.event('token_expired')).toStrictEqual({
      expiredAt: next.expires,
      timestamp: time,
    });
  });

  test('may also make the life shorter', async () => {
    const connection = await desk.connect({ ...webSocket, reconnection: false });
    const shorter = await token(desk, 120);
    expect(await connection.ask('authenticate', { token: shorter.token })).toMatchObject({ ok: true });
    const closed = connection.closed();
    await server.advance(121);
    expect(await closed).toBe('transport close');
  });

  const refused: [string, string, () => Promise<unknown>][] = [
    ['garbage', 'invalid_token', async () => ({ token: 'garbage' })],
    ['an empty text', 'invalid_token', async () => ({ token: '' })],
    ['one that has expired', 'token_expired', async () => token(desk, -1)],
    ["another user's", 'invalid_token', async () => token(tarik, 600)],
    ["another shop's admin's", 'invalid_token', async () => token(await server.as('otherAdmin'), 600)],
    [
      'one signed by somebody else',
      'invalid_token',
      async () => ({ token: sign({ ...claimsOf(desk), exp: 9_999_999_999 }, { key: 'x'.repeat(64) }) }),
    ],
    ['a refresh token', 'invalid_token', async () => ({ token: desk.refreshToken })],
    ['nothing', 'invalid_payload', async () => ({})],
    ['a number', 'invalid_payload', async () => ({ token: 5 })],
    ['no object', 'invalid_payload', async () => 'text'],
  ];
  test.each(refused)('refuses %s with %s, and the old token counts on', async (_what, code, payload) => {
    const old = await token(desk, 300);
    const connection = await desk.connect({ ...webSocket, auth: { token: old.token }, reconnection: false });
    const given = (await payload()) as { token?: unknown } | string;
    const sent = typeof given === 'object' && 'token' in given ? { token: given.token } : given;
    const ack = await connection.ask('authenticate', sent);
    expect(ack).toMatchObject({ ok: false });
    // An empty token may as well be called none.
    if (sent instanceof Object && sent.token === '') {
      expect(ack['code']).toBeOneOf(['invalid_token', 'authentication_required', 'invalid_payload']);
    } else {
      expect(ack).toStrictEqual(refusal(code));
    }
    expect(connection.socket.connected).toBe(true);
    const closed = connection.closed();
    await server.advance(245);
    expect(await connection.event('token_expiring')).toMatchObject({ expiresAt: old.expires });
    await server.advance(60);
    expect(await closed).toBe('transport close');
  });

  test('refuses a token that was revoked', async () => {
    const leaver = await server.signInAgain('desk');
    await leaver.call('POST', '/api/auth/logout');
    const connection = await desk.connect(webSocket);
    const ack = await connection.ask('authenticate', { token: leaver.accessToken });
    expect(ack).toStrictEqual(refusal('invalid_token'));
    await orders.fence(connection);
  });

  test('moves the socket to the login of the new token: the logout of the old one leaves it alone', async () => {
    const [first, second] = [await server.signInAgain('desk'), await server.signInAgain('desk')];
    const connection = await first.connect(webSocket);
    expect(await connection.ask('authenticate', { token: second.accessToken })).toMatchObject({ ok: true });
    await first.call('POST', '/api/auth/logout');
    await orders.fence(connection);
    await pulse.reach(connection);
    expect(connection.socket.connected).toBe(true);
    const closed = connection.closed();
    await second.call('POST', '/api/auth/logout');
    expect(await closed).toBe('io server disconnect');
  });
});
