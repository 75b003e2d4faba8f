import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApi } from '../src/rest/api.ts';
import { Session, SignedOut, type Lock, type RefreshTokens } from '../src/index.ts';
import { tokenPair, user } from './fixtures.ts';

/** One browser's storage, shared by the tabs that are made of it. */
function browser() {
  const tokens = new Map<number, string>();
  const watchers: { person: number; tab: RefreshTokens; removed: () => void }[] = [];
  let last: number | null = null;
  const openTab = (): RefreshTokens => {
    let own: number | null | undefined;
    const tab: RefreshTokens = {
      person: () => (own === undefined ? last : own),
      setPerson: person => {
        own = person;
        if (person !== null) last = person;
      },
      read: person => tokens.get(person) ?? null,
      write: (person, token) => void tokens.set(person, token),
      remove: person => {
        if (!tokens.delete(person)) return;
        for (const watcher of watchers)
          if (watcher.person === person && watcher.tab !== tab) watcher.removed();
      },
      watchRemoval: (person, removed) => {
        const watcher = { person, tab, removed };
        watchers.push(watcher);
        return () => void watchers.splice(watchers.indexOf(watcher), 1);
      },
    };
    return tab;
  };
  return { tokens, openTab };
}

/** A server that hands out numbered pairs and takes each refresh token once. */
function server() {
  let number = 0;
  let good = '';
  const calls: string[] = [];
  let failure: Response | Error | null = null;
  const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  const refusal = (code: string) => json(401, { status: 'fail', code, message: code, request_id: 'r' });
  const answer = vi.fn(async (path: string, init?: RequestInit) => {
    calls.push(path);
    await Promise.resolve();
    if (failure instanceof Error) throw failure;
    if (failure !== null) return failure.clone();
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : {};
    if (path === '/api/auth/refresh' && body.refresh_token !== good) return refusal('invalid_token');
    if (path === '/api/auth/refresh' || path === '/api/auth/login') {
      const pair = tokenPair(++number, { user: body.email === 'desk' ? user({ id: 5 }) : user() });
      good = pair.refresh_token;
      return json(200, { status: 'success', data: pair });
    }
    const token = new Headers(init?.headers).get('Authorization');
    if (token !== `Bearer access-${number}`) return refusal('token_expired');
    return json(200, { status: 'success', data: user() });
  });
  vi.stubGlobal('fetch', answer);
  return {
    calls,
    failWith: (with_: Response | Error | null) => (failure = with_),
    spend: () => (good = 'another'),
  };
}

const noLock: Lock = (_, task) => task();

/** As the browser's: one at a time. */
function queue(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (_, task) => {
    const run = last.then(task, task);
    last = run.catch(() => {});
    return run;
  };
}

let now = 0;
const open = (refreshTokens: RefreshTokens, lock: Lock = noLock) =>
  new Session({ refreshTokens, lock, now: () => now });
const signedIn = { email: 'tech1', password: 'x' };

beforeEach(() => {
  now = 0;
});
afterEach(() => vi.unstubAllGlobals());

describe('a session', () => {
  test('keeps the access token in memory and the refresh token for the next visit', async () => {
    server();
    const { tokens, openTab } = browser();
    const session = open(openTab());
    await session.signIn(signedIn);
    expect(session.state).toEqual({ status: 'signed_in', user: user() });
    expect([...tokens.values()]).toEqual(['refresh-1']);
    const next = open(openTab());
    await next.restore();
    expect(next.state.status).toBe('signed_in');
    expect(await next.access()).toBe('access-2');
    expect(tokens.get(3)).toBe('refresh-2');
  });

  test('renews once for all who ask at the same time, and only when the token runs out', async () => {
    const { calls } = server();
    const session = open(browser().openTab());
    await session.signIn(signedIn);
    now = 869_000;
    expect(await session.access()).toBe('access-1');
    now = 870_000;
    expect(await Promise.all([session.access(), session.access(), session.renew('access-1')])).toEqual([
      'access-2',
      'access-2',
      'access-2',
    ]);
    expect(calls.filter(path => path === '/api/auth/refresh')).toHaveLength(1);
  });

  test('two tabs under one lock spend one refresh token each', async () => {
    const { calls } = server();
    const { openTab, tokens } = browser();
    const lock = queue();
    const first = open(openTab(), lock);
    await first.signIn(signedIn);
    const second = open(openTab(), lock);
    now = 900_000;
    await Promise.all([first.access(), second.restore()]);
    expect(calls.filter(path => path === '/api/auth/refresh')).toHaveLength(2);
    expect([first.state.status, second.state.status]).toEqual(['signed_in', 'signed_in']);
    expect(tokens.get(3)).toBe('refresh-3');
  });

  test('takes up what another tab put in place of the token that it spent without a lock', async () => {
    const { calls } = server();
    const { openTab, tokens } = browser();
    const session = open(openTab());
    await session.signIn(signedIn);
    // Between our read and the server's answer the other tab has renewed.
    const tab = openTab();
    let reads = 0;
    const late = open({ ...tab, read: person => (reads++ === 0 ? 'refresh-0' : tab.read(person)) });
    await late.restore();
    expect(late.state.status).toBe('signed_in');
    expect(calls.filter(path => path === '/api/auth/refresh')).toHaveLength(2);
    expect(tokens.get(3)).toBe('refresh-2');
  });

  test('is over when the server refuses the refresh token, and says why', async () => {
    const { spend } = server();
    const { openTab, tokens } = browser();
    const session = open(openTab());
    await session.signIn(signedIn);
    spend();
    now = 900_000;
    await expect(session.access()).rejects.toBeInstanceOf(SignedOut);
    expect(session.state).toEqual({ status: 'signed_out', reason: 'expired' });
    expect(tokens.size).toBe(0);
  });

  test.each([
    ['no network', new TypeError('fetch failed')],
    ['a captive portal', new Response('<html>', { status: 200 })],
    ['a server in trouble', new Response('{}', { status: 503 })],
  ])('is not over because of %s', async (_, failure) => {
    const { failWith } = server();
    const { openTab, tokens } = browser();
    await open(openTab()).signIn(signedIn);
    failWith(failure);
    const session = open(openTab());
    await session.restore();
    expect(session.state).toEqual({ status: 'unreachable' });
    expect(tokens.get(3)).toBe('refresh-1');
    failWith(null);
    await session.restore();
    expect(session.state.status).toBe('signed_in');
  });

  test('signs out here at once, on the server, and in the other tabs', async () => {
    const { calls, failWith } = server();
    const { openTab } = browser();
    const session = open(openTab());
    await session.signIn(signedIn);
    const other = open(openTab());
    await other.restore();
    failWith(new TypeError('fetch failed'));
    const done = session.signOut();
    expect(session.state).toEqual({ status: 'signed_out', reason: 'left' });
    expect(other.state).toEqual({ status: 'signed_out', reason: 'elsewhere' });
    await done;
    expect(calls.at(-1)).toBe('/api/auth/logout');
    await expect(session.access()).rejects.toBeInstanceOf(SignedOut);
  });

  test('a refresh that was on its way when the person signed out leaves nothing behind', async () => {
    server();
    const { openTab, tokens } = browser();
    const session = open(openTab());
    await session.signIn(signedIn);
    now = 900_000;
    const late = session.access();
    void session.signOut();
    await expect(late).rejects.toBeInstanceOf(SignedOut);
    expect(tokens.size).toBe(0);
    expect(session.state.status).toBe('signed_out');
  });

  test('two people can be signed in side by side', async () => {
    server();
    const { openTab, tokens } = browser();
    const [first, secondTab] = [open(openTab()), openTab()];
    await first.signIn(signedIn);
    const second = open(secondTab);
    await second.restore();
    second.leaveTab();
    expect(first.state.status).toBe('signed_in');
    await second.signIn({ email: 'desk', password: 'x' });
    expect([...tokens.keys()]).toEqual([3, 5]);
    expect(secondTab.person()).toBe(5);
    expect(first.state).toEqual({ status: 'signed_in', user: user() });
  });
});

test('a request that was refused for its token is sent once more with a new one', async () => {
  const { calls } = server();
  const session = open(browser().openTab());
  await session.signIn(signedIn);
  const renewed = await session.renew('access-1');
  expect(renewed).toBe('access-2');
  calls.length = 0;
  const stale = { access: async () => 'access-1', renew: (token: string) => session.renew(token) };
  const { data } = await createApi('', stale).me();
  expect(data.id).toBe(3);
  expect(calls).toEqual(['/api/auth/me', '/api/auth/me']);
});
