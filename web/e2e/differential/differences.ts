// What is deliberately not as in the reference. The same list, in words, is in docs/protocol.md.
import type { Hunk } from './trace.ts';

export interface Difference extends Hunk {
  readonly because: string;
  /** In each of these sessions it must occur. */
  readonly sessions: RegExp;
}

export const differences: readonly Difference[] = [];
