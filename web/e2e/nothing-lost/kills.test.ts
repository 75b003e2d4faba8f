// "kill -9 at random under 200 writes/s with 50 stock clients connected: nothing lost, nothing doubled."
//
// SHOPBELL_KILLS, SHOPBELL_KILLS_SEED, SHOPBELL_KILLS_DATABASES (sqlite,postgres) and SHOPBELL_KILLS_FOLDER (where the
// history is kept) make it a soak.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seeded } from '../random.ts';
import { startServer } from '../server.ts';
import { many } from './crew.ts';
import { openDatabase } from './database.ts';
import { unless } from './machine.ts';
import { Run } from './run.ts';

const kills = Number(process.env['SHOPBELL_KILLS'] ?? 8);
const seed = Number(process.env['SHOPBELL_KILLS_SEED'] ?? 20_261_124);
const databases = (process.env['SHOPBELL_KILLS_DATABASES'] ?? 'sqlite,postgres').split(',');
const kept = process.env['SHOPBELL_KILLS_FOLDER'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'shopbell-history-'));
mkdirSync(folder, { recursive: true });
if (kept === undefined) afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = seeded(seed);
/** The load goes on for so long after the last kill. */
const afterwardsMs = 2_000;
/** At the end everyone has gone, and there is nothing to drain. */
const atOnce = { SHOPBELL__SERVER__DRAIN_S: '0' };
/** Nothing may be purged that the checker asks for at the end. */
const wholeJournal = { SHOPBELL__LIMITS__REPLAY_EVENTS: '10000000' };
const pause = async (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

const limits = { timeout: 240_000 + kills * 20_000 };
const script = join(import.meta.dirname, '../../../scripts/postgres');
const cannot = databases.includes('postgres') ? unless(script, '--find') : undefined;
const isThere = (name: string): boolean => name !== 'postgres' || cannot === undefined;

test.each(databases.filter(name => !isThere(name)))('%s: no such server here', { skip: true }, () => {});
test.each(databases.filter(isThere))(`%s: ${kills} kills under load (seed ${seed})`, limits, async name => {
  const database = await openDatabase(name);
  const server = await startServer({
    settings: { ...database.settings, ...atOnce, ...wholeJournal },
  });
  try {
    const file = join(folder, `${name}.jsonl`);
    const run = await Run.begin(server, { file, hired: many, seed, writesPerSecond: 200 });
    expect(run.clients.length).toBeGreaterThanOrEqual(50);
    const technicians = run.crew.everyone.filter(
      person => person.demo.role === 'technician' && person.demo.shop === 1,
    );
    const starts: number[] = [];
    let upMs = 0;
    const changes: Promise<void>[] = [];
    run.load.start();
    for (let kill = 1; kill <= kills; kill += 1) {
      run.type();
      if (kill === Math.ceil(kills / 3)) changes.push(run.disable(technicians.at(-1)!));
      if (kill === Math.ceil((2 * kills) / 3)) changes.push(run.promote(technicians.at(-2)!, 'front_desk'));
      const up = 200 + random() * 1_800;
      upMs += up;
      await pause(up);
      starts.push(await run.kill());
    }
    await pause(afterwardsMs);
    await Promise.all(changes);
    const verdict = await run.finish(database.settings);

    const returns = { recovered: 0, afresh: 0 };
    for (const client of run.clients) {
      returns.recovered += client.returns.recovered;
      returns.afresh += client.returns.afresh;
    }
    const report = {
      database: name,
      acts: run.load.done,
      perSecond: Math.round(((run.load.done.ok + run.load.done.refused) * 1_000) / (upMs + afterwardsMs)),
      unknown: run.load.unknown,
      returns,
      slowestStartMs: Math.max(...starts),
      lines: Object.fromEntries(run.history.counts),
    };
    process.stdout.write(`${JSON.stringify(report)}\n${verdict.output}`);
    expect(run.load.done.ok).toBeGreaterThan(kills * 50);
    // Whoever's role has changed reads afresh what they see now.
    expect(returns.recovered).toBeGreaterThan(run.clients.length);
    expect(returns.afresh).toBeLessThanOrEqual(1);
    expect(verdict, verdict.output).toMatchObject({ code: 0 });
  } finally {
    await server.discard();
    await database.close();
  }
});
