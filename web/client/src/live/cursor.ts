/** A place in one life of a shop's journal: everything of this person's up to `seq` is known. */
export interface Cursor {
  /** `null` where the server has not said which life it is. */
  epoch: string | null;
  seq: number;
}

/** The epoch of an offset `{epoch}-{seq}`, which follows an event's payload; `null` for anything else. */
export function epochOf(offset: unknown): string | null {
  return typeof offset === 'string' ? (/^(.+)-\d+$/.exec(offset)?.[1] ?? null) : null;
}
