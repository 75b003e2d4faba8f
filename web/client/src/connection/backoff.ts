const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first retry), in milliseconds. Full jitter: anywhere from
 * nothing to a bound that doubles from 0.5 s to 20 s, so that a shop's tabs do not come back all at once.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}

/** How often a connection that the browser calls offline is tried all the same, in milliseconds. */
export const PROBE_MS = LONGEST_MS;
