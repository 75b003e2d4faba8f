// Starts the Chromium of this machine, or says why there is none to start.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** What a browser does on its own account would only make the tests slower and noisier. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Start = { readonly browser: Browser } | { readonly missing: string };

/** `missing` says why the tests that need a browser are skipped. */
export async function startChromium(): Promise<Start> {
  const finder = join(import.meta.dirname, '../../../scripts/chromium');
  try {
    const executablePath = execFileSync(finder, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
    const isRoot = process.getuid?.() === 0;
    // Chromium refuses its sandbox to root; for anyone else it stays on.
    return { browser: await chromium.launch({ executablePath, args: quiet, chromiumSandbox: !isRoot }) };
  } catch (error) {
    const missing = reason(error);
    // On stderr as well: a skipped test alone doesn't say why.
    process.stderr.write(`skipped: the browser tests, because Chromium does not start here: ${missing}\n`);
    return { missing };
  }
}

/** What the finder wrote, or what Chromium died of. */
function reason(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string')
    return error.stderr.trim();
  // The log of a failed start is long; its head says what failed.
  return String(error).split('Call log:')[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
}
