import type { ErrorBody } from '../generated/index.ts';
import { ApiError } from './apiError.ts';

/** One page's worth of a list, or one thing, with where the journal stood when it was read or written. */
export interface Answer<T> {
  data: T;
  /** `Shop-Seq`: the journal's head for a read, the last event about what was written for a write. */
  seq: number;
  /** `Shop-Epoch`: the life of the journal that `seq` is of; `null` where the server does not say. */
  epoch: string | null;
  /** Where the next page begins; `null` on the last one and on what is not a list. */
  nextCursor: string | null;
  /** Where `GET /api/events` goes on; `null` on everything else. */
  next: number | null;
}

export interface Request {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  body?: unknown;
  token?: string | undefined;
  /** Sent as `If-Match`. */
  version?: number | undefined;
  /** Sent as `Idempotency-Key`: the same command asked for again is answered, not done, again. */
  key?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Sends one request as it is: no token of its own, no second try. */
export async function send<T>(url: string, request: Request): Promise<Answer<T>> {
  const { method = 'GET', path, query = {}, body, token, version, key, signal } = request;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const headers = new Headers({ Accept: 'application/json' });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  if (version !== undefined) headers.set('If-Match', `"${version}"`);
  if (key !== undefined) headers.set('Idempotency-Key', key);

  let response: Response;
  try {
    response = await fetch(`${url}${path}${search.size > 0 ? `?${search}` : ''}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('unreachable', 'The server cannot be reached.', 0, { cause });
  }
  return read<T>(response);
}

async function read<T>(response: Response): Promise<Answer<T>> {
  let body: unknown;
  try {
    // What is gone has no body.
    body = response.status === 204 ? {} : await response.json();
  } catch (cause) {
    // A proxy's error page says that the server is away; anything else is a connection that broke half-way, or a portal.
    const code = response.status >= 500 ? 'unreachable' : 'unreadable';
    throw new ApiError(code, 'The server cannot be reached.', response.status, { cause });
  }
  if (!response.ok) {
    const refusal = body as ErrorBody;
    const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
    throw new ApiError(refusal.code, refusal.message, response.status, {
      body: refusal,
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
    });
  }
  const success = body as { data: T; next?: number; pagination?: { next_cursor: string | null } };
  return {
    data: success.data,
    seq: Number(response.headers.get('Shop-Seq') ?? 0),
    epoch: response.headers.get('Shop-Epoch'),
    nextCursor: success.pagination?.next_cursor ?? null,
    next: success.next ?? null,
  };
}
