// "On SQLite the trace shows a completed fdatasync or fsync before every acknowledged write; with synchronous=NORMAL that
// test fails. With 64 concurrent writers at most one sync per 8 acknowledged writes."
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import type { Person } from '../person.ts';
import { type Server, startServer } from '../server.ts';
import { unless } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'shopbell-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reason = unless('strace', '-o', join(folder, 'tried'), 'true');

interface Trace {
  /** How many answers to writes left the program, and how many of them before what they promised was flushed. */
  readonly answers: number;
  readonly early: number;
  /** How often the log of the database was flushed. */
  readonly flushes: number;
}

/** What the program asks of the kernel while `work` is done. */
async function traced(server: Server, name: string, work: () => Promise<void>): Promise<Trace> {
  const file = join(folder, name);
  const calls = 'trace=fsync,fdatasync,write,writev,sendto,sendmsg';
  const tracer = spawn(
    'strace',
    ['-f', '-y', '-s', '400', '-e', calls, '-o', file, '-p', String(server.pid)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await attached(tracer);
  await work();
  tracer.kill('SIGINT');
  await once(tracer, 'exit');
  return readTrace(readFileSync(file, 'utf8'));
}

/** Resolves when every thread that the program has is traced. */
async function attached(tracer: ChildProcess): Promise<void> {
  if (tracer.stderr === null) throw new Error('strace has no standard error');
  for await (const line of createInterface({ input: tracer.stderr })) {
    if (/^strace: Process \d+ attached/.test(line)) return;
  }
  throw new Error('strace did not attach');
}

/** One write is under way at a time, so each answer needs a flush of its own since the one before. */
function readTrace(text: string): Trace {
  let [answers, early, flushes, isFlushed] = [0, 0, 0, false];
  const flushing = new Set<string>();
  for (const line of text.split('\n')) {
    const [thread = ''] = line.split(' ', 1);
    const isLog = /\b(?:fsync|fdatasync)\(\d+<[^>]*shopbell\.db-wal>/.test(line);
    if (isLog && line.includes('<unfinished')) flushing.add(thread);
    const resumed = /<\.\.\. (?:fsync|fdatasync) resumed>/.test(line) && flushing.delete(thread);
    if ((isLog || resumed) && line.endsWith(' = 0')) {
      flushes += 1;
      isFlushed = true;
    }
    if (/HTTP\/1\.1 20[01]/.test(line) && /shop-seq/i.test(line)) {
      answers += 1;
      if (!isFlushed) early += 1;
      isFlushed = false;
    }
  }
  return { answers, early, flushes };
}

const note = async (by: Person, content: string): Promise<unknown> =>
  by.write('POST', '/api/work-orders/1/notes', { content });

describe.skipIf(reason !== undefined)('what is acknowledged is flushed', { timeout: 60_000 }, () => {
  const rounds = 20;

  async function oneByOne(server: Server): Promise<Trace> {
    const manager = await server.as('manager');
    return traced(server, `one-by-one-${server.port}`, async () => {
      for (let round = 0; round < rounds; round += 1) await note(manager, `Round ${round}`);
    });
  }

  test('before each 2xx the log has been flushed', async () => {
    const server = await startServer();
    try {
      const trace = await oneByOne(server);
      expect(trace).toMatchObject({ answers: rounds, early: 0 });
    } finally {
      await server.discard();
    }
  });

  test('which a program that flushes only now and then does not pass', async () => {
    // In a build without this point the trace is that of the test above, and this one fails.
    const server = await startServer({ settings: { FAILPOINTS: 'no_flush=return' } });
    try {
      const trace = await oneByOne(server);
      expect(trace.answers).toBe(rounds);
      expect(trace.early).toBeGreaterThan(rounds / 2);
    } finally {
      await server.discard();
    }
  });

  test('64 writers share a flush by eight and more', async () => {
    const server = await startServer();
    try {
      const manager = await server.as('manager');
      const writers = Array.from({ length: 64 }, (_, writer) => writer);
      const trace = await traced(server, 'together', async () => {
        await Promise.all(
          writers.map(async writer => {
            for (let round = 0; round < 10; round += 1) await note(manager, `${round} of ${writer}`);
          }),
        );
      });
      expect(trace.answers).toBe(640);
      expect(trace.flushes).toBeGreaterThan(0);
      expect(trace.flushes).toBeLessThanOrEqual(640 / 8);
    } finally {
      await server.discard();
    }
  });
});
