import type { ServerEvents } from './generated/index.ts';

/** A place in one life of a shop's journal: everything of this person's up to `seq` is known. */
export interface Cursor {
  /** `null` where the server has not said which life it is. */
  epoch: string | null;
  seq: number;
}

/** Codes that the generated list may not have yet. */
export type NewerCode = 'resync_required' | 'idempotency_key_reused' | 'rate_limited';

/** What the server answers to `sync` when all that was missed has been sent. */
export interface SyncAck {
  ok: true;
  to: number;
  epoch: string;
  count: number;
}

export interface ResyncRequired {
  reason: 'session' | 'epoch' | 'too_old' | 'ahead' | 'role';
  seq: number;
  timestamp: string;
}

export interface RoomLeft {
  roomName: string;
  reason: 'access_revoked';
  timestamp: string;
}

export interface TokenExpiring {
  expiresAt: string;
  timestamp: string;
}

/** One row of `GET /api/events`. */
export type JournalRow = {
  [Name in keyof ServerEvents]: { seq: number; event: Name; payload: ServerEvents[Name] };
}[keyof ServerEvents];

/** The epoch of an offset `{epoch}-{seq}`, which follows an event's payload; `null` for anything else. */
export function epochOf(offset: unknown): string | null {
  return typeof offset === 'string' ? (/^(.+)-\d+$/.exec(offset)?.[1] ?? null) : null;
}
