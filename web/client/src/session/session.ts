import type { LoginRequest, RefreshRequest, TokenPair, User } from '../generated/index.ts';
import { ApiError } from '../rest/apiError.ts';
import { send } from '../rest/http.ts';
import { Subscribers } from '../subscribers.ts';
import { webLock, type Lock } from './lock.ts';
import { browserRefreshTokens, type RefreshTokens } from './refreshTokens.ts';
import { SignedOut, type TokenSource } from './tokenSource.ts';

export type SessionState =
  /** Looking whether somebody is signed in from before. */
  | { status: 'restoring' }
  /** Somebody is, but the server cannot be asked now. */
  | { status: 'unreachable' }
  | { status: 'signed_in'; user: User }
  | { status: 'signed_out'; reason: SignedOutReason };

/** Nobody was signed in to begin with, the person asked for it here or in another tab, or the server ended it. */
export type SignedOutReason = 'nobody' | 'left' | 'elsewhere' | 'expired';

export interface SessionOptions {
  /** The server's origin; empty for the page's own. */
  url?: string;
  refreshTokens?: RefreshTokens;
  lock?: Lock;
  /** Milliseconds; only differences count. */
  now?: () => number;
}

/** An access token with less than this left is not used for anything new: it would expire on the way. */
const MARGIN_MS = 30_000;

interface Access {
  token: string;
  goodUntil: number;
}

/** A person signed in with e-mail and password: keeps the token pair, renews it, and knows when it is over. */
export class Session implements TokenSource {
  readonly #url: string;
  readonly #kept: RefreshTokens;
  readonly #lock: Lock;
  readonly #now: () => number;
  readonly #subscribers = new Subscribers();
  #state: SessionState = { status: 'restoring' };
  #access: Access | null = null;
  #refreshing: Promise<string> | null = null;
  #unwatch: () => void = () => {};

  constructor({
    url = '',
    refreshTokens = browserRefreshTokens(),
    lock = webLock,
    now = Date.now,
  }: SessionOptions = {}) {
    this.#url = url;
    this.#kept = refreshTokens;
    this.#lock = lock;
    this.#now = now;
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Takes up the session of before, if there is one. Never rejects: the state tells. */
  async restore(): Promise<void> {
    if (this.#kept.person() === null) {
      this.#become({ status: 'signed_out', reason: 'nobody' });
      return;
    }
    this.#become({ status: 'restoring' });
    try {
      await this.#refresh();
    } catch (error) {
      if (!(error instanceof SignedOut)) this.#become({ status: 'unreachable' });
    }
  }

  /** Rejects with `ApiError`: `invalid_credentials`, `unreachable`… */
  async signIn(credentials: LoginRequest): Promise<void> {
    const { data } = await send<TokenPair>(this.#url, {
      method: 'POST',
      path: '/api/auth/login',
      body: credentials,
    });
    this.#kept.setPerson(data.user.id);
    this.#kept.write(data.user.id, data.refresh_token);
    this.#take(data);
  }

  /** Ends the session here and on the server, in every tab of this person. */
  async signOut(): Promise<void> {
    const access = this.#access;
    const person = this.#kept.person();
    const kept = person === null ? null : this.#kept.read(person);
    // First here, which is what the person asked for and must not wait for a network.
    this.#end('left');
    try {
      let token = access !== null && this.#now() < access.goodUntil ? access.token : null;
      if (token === null && kept !== null) token = (await this.#exchange(kept)).access_token;
      if (token !== null) await send(this.#url, { method: 'POST', path: '/api/auth/logout', token });
    } catch {
      // A server that cannot be told lets the login run out by itself.
    }
  }

  /** Lets somebody else sign in in this tab, and leaves the person signed in in the others. */
  leaveTab(): void {
    this.#kept.setPerson(null);
    this.#forget({ status: 'signed_out', reason: 'left' });
  }

  async access(): Promise<string> {
    const access = this.#access;
    if (access !== null && this.#now() < access.goodUntil) return access.token;
    if (this.#state.status === 'signed_out') throw new SignedOut();
    return this.#refresh();
  }

  async renew(refused: string): Promise<string> {
    const access = this.#access;
    if (access !== null && access.token !== refused) return access.token;
    if (this.#state.status === 'signed_out') throw new SignedOut();
    return this.#refresh();
  }

  /** Single flight: whoever asks while a refresh runs gets that one's answer. */
  #refresh(): Promise<string> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshOnce(): Promise<string> {
    const person = this.#kept.person();
    if (person === null) throw new SignedOut();
    const pair = await this.#lock(`shopbell.refresh.${person}`, () => this.#spend(person));
    // The tab may have been left, or signed out, while the answer was on its way.
    if (this.#kept.person() !== person || this.#state.status === 'signed_out') throw new SignedOut();
    return this.#take(pair);
  }

  async #spend(person: number, spent: string | null = null): Promise<TokenPair> {
    // Read under the lock: the tab that held it before has put a new one there.
    const kept = this.#kept.read(person);
    if (kept === null || kept === spent) {
      this.#end(spent === null ? 'nobody' : 'expired');
      throw new SignedOut();
    }
    try {
      const pair = await this.#exchange(kept);
      // Not after a sign-out, which has removed it for good.
      if (this.#kept.read(person) === kept) this.#kept.write(person, pair.refresh_token);
      return pair;
    } catch (error) {
      // Anything but a plain refusal (no network, a captive portal, a server in trouble) ends no session.
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      return this.#spend(person, kept);
    }
  }

  async #exchange(refreshToken: string): Promise<TokenPair> {
    const body: RefreshRequest = { refresh_token: refreshToken };
    return (await send<TokenPair>(this.#url, { method: 'POST', path: '/api/auth/refresh', body })).data;
  }

  #take(pair: TokenPair): string {
    this.#access = { token: pair.access_token, goodUntil: this.#now() + pair.expires_in * 1000 - MARGIN_MS };
    this.#unwatch();
    this.#unwatch = this.#kept.watchRemoval(pair.user.id, () =>
      this.#forget({ status: 'signed_out', reason: 'elsewhere' }),
    );
    this.#become({ status: 'signed_in', user: pair.user });
    return pair.access_token;
  }

  #end(reason: SignedOutReason): void {
    const person = this.#kept.person();
    if (person !== null) this.#kept.remove(person);
    this.#kept.setPerson(null);
    this.#forget({ status: 'signed_out', reason });
  }

  #forget(state: SessionState): void {
    this.#unwatch();
    this.#unwatch = () => {};
    this.#access = null;
    this.#become(state);
  }

  #become(state: SessionState): void {
    const before = this.#state;
    // A renewed pair for the same person is no news to anybody.
    if (before.status === 'signed_in' && state.status === 'signed_in' && before.user.id === state.user.id) {
      if (before.user.role === state.user.role && before.user.name === state.user.name) return;
    }
    this.#state = state;
    this.#subscribers.notify();
  }
}
