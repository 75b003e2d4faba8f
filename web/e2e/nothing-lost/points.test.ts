// The server dies at each point where a change is half on its way, and comes back: what was answered holds, what was not is
// there once when it is asked for again with the same key, and every client is told.
//
// The program under test must have those points: the dev build of the workspace has, a release build has not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startServer } from '../server.ts';
import { nobody } from './crew.ts';
import { Run, until } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'shopbell-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shop with a client for each of its demo people, and a history by the name of `point`. */
async function shopThatDiesAt(point: string): Promise<Run & AsyncDisposable> {
  const server = await startServer({ settings: { SHOPBELL__SERVER__DRAIN_S: '0' } });
  const file = join(folder, `${point}.jsonl`);
  const run = await Run.begin(server, { file, hired: nobody, seed: 1, writesPerSecond: 0 });
  return Object.assign(run, { [Symbol.asyncDispose]: async () => server.discard() });
}

async function restartToDieAt(run: Run, point: string): Promise<void> {
  run.server.settings['FAILPOINTS'] = `${point}=return`;
  await run.restart();
  delete run.server.settings['FAILPOINTS'];
}

async function died(run: Run): Promise<void> {
  await until('the program dies; one without that point never does', () => !run.server.isRunning);
  expect(await run.server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGABRT' });
  run.history.add({ kind: 'kill', at: Date.now() });
}

describe.each([
  { point: 'before_commit', wasDone: false },
  { point: 'after_commit', wasDone: true },
  { point: 'after_doorbell', wasDone: true },
])('$point', { timeout: 60_000 }, ({ point, wasDone }) => {
  test('a note that was not answered is there once, and everyone knows it', async () => {
    await using run = await shopThatDiesAt(point);
    await run.server.end('SIGKILL');
    await restartToDieAt(run, point);
    await run.everyoneIsWhole();

    const { admin } = run.crew;
    const path = '/api/work-orders/1/notes';
    const content = `Written while it died at ${point}`;
    const act = { method: 'POST', path, body: { content }, mark: content };
    const performed = run.load.perform(admin, act);
    await died(run);
    await run.restart();

    const { answer } = await performed;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotency-replayed')).toBe(wasDone ? 'true' : null);
    const notes = await admin.get<{ data: { content: string }[] }>(path);
    expect(notes.body.data.filter(note => note.content === content)).toHaveLength(1);

    const verdict = await run.finish();
    expect(verdict, verdict.output).toMatchObject({ code: 0 });
  });
});

test(
  'mid_resume: who was being told what they had missed is told all of it',
  { timeout: 60_000 },
  async () => {
    await using run = await shopThatDiesAt('mid_resume');
    const { admin } = run.crew;
    // Nobody listens while these are written.
    for (const { socket } of run.clients) socket.io.reconnection(false).engine.close();
    await until('every client is away', () => run.clients.every(({ socket }) => !socket.connected));
    for (let i = 0; i < 300; i += 1) {
      const content = `Missed ${i}`;
      const path = `/api/work-orders/${1 + (i % 7)}/notes`;
      await run.load.perform(admin, { method: 'POST', path, body: { content }, mark: content });
    }
    await run.server.end('SIGKILL');
    await restartToDieAt(run, 'mid_resume');
    for (const { socket } of run.clients) {
      socket.io.reconnection(true);
      socket.connect();
    }
    await died(run);
    await run.restart();

    await run.everyoneIsWhole();
    for (const client of run.clients) {
      // Some had come back already when it died.
      expect(client.returns.recovered).toBeGreaterThan(0);
      expect(client.returns.afresh).toBe(0);
    }
    const verdict = await run.finish();
    expect(verdict, verdict.output).toMatchObject({ code: 0 });
  },
);
