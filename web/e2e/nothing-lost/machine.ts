// What a test needs of the machine that not every machine can do.
import { spawnSync } from 'node:child_process';

/** Tries a command; why it cannot be done here, which is said in the log of the tests, or nothing. */
export function unless(command: string, ...args: string[]): string | undefined {
  const tried = spawnSync(command, args, { encoding: 'utf8' });
  if (tried.status === 0) return undefined;
  const reason = `${command}: ${tried.error?.message ?? tried.stderr.trim()}`;
  process.stdout.write(`skipped: ${reason}\n`);
  return reason;
}
