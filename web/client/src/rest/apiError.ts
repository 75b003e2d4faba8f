import type { Code, ErrorBody, FieldError } from '../generated/index.ts';

/** A REST request that did not succeed: refused by the server, or never answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /**
   * The server's code; `unreachable` when it did not answer, `unreadable` when what came was not from it, `outbox_full`
   * when this device keeps as many unsent changes as it may.
   */
  readonly code: Code | 'unreachable' | 'unreadable' | 'outbox_full';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly requestId: string | null;
  readonly errors: readonly FieldError[];
  /** With `version_mismatch`, the current row. */
  readonly data: unknown;
  /** Seconds to wait before asking again, where the server says. */
  readonly retryAfter: number | null;

  constructor(
    code: ApiError['code'],
    message: string,
    status: number,
    {
      body,
      retryAfter = null,
      cause,
    }: { body?: ErrorBody; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.requestId = body?.request_id ?? null;
    this.errors = body?.errors ?? [];
    this.data = body?.data;
    this.retryAfter = retryAfter;
  }

  /** Whether asking again later may succeed: nothing came back, or the trouble is the server's. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
