// What is deliberately not as in the reference. The same list, in words, is in docs/protocol.md.
import type { Hunk } from './trace.ts';

export interface Difference {
  readonly because: string;
  /** The sessions in which it occurs: in all of them, and all that differs in them. */
  readonly sessions: RegExp;
  /**
   * What it looks like: where the two traces part; or that the session is over with us and goes on there, or the other way
   * round, with what else follows from that.
   */
  readonly is: 'over with us' | 'over there' | readonly Hunk[];
}

export const differences: readonly Difference[] = [];
