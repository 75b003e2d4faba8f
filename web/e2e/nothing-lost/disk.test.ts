// The disk fails, is full, or holds something else than was written: "a failed fsync ends the process (exit 74); disk full
// gives 507 or 503 with nothing half done and heals without a restart; `shopbell check` proves journal and counts".
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Person } from '../person.ts';
import { binary, Server, startServer } from '../server.ts';
import { unless } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'shopbell-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const note = async (by: Person, content: string) =>
  by.call('POST', '/api/work-orders/1/notes', { body: { content } });

const notes = async (by: Person): Promise<string[]> => {
  const { body } = await by.get<{ data: { content: string }[] }>('/api/work-orders/1/notes?limit=100');
  return body.data.map(({ content }) => content);
};

const check = (data: string) => spawnSync(binary, ['check', '--data', data], { encoding: 'utf8' });

describe.skipIf(unless('strace', '-o', join(folder, 'tried'), 'true'))('a disk that fails a flush', () => {
  test('ends the process with 74, and the next start knows what was written', async () => {
    const server = await startServer();
    onTestFinished(() => server.discard());
    const manager = await server.as('manager');
    expect((await note(manager, 'Before it failed')).status).toBe(201);
    const fault = 'inject=fsync,fdatasync:error=EIO';
    const tracer = spawn('strace', ['-f', '-e', fault, '-o', '/dev/null', '-p', String(server.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: tracer.stderr })) {
      if (/^strace: Process \d+ attached/.test(line)) break;
    }
    const answer = await note(manager, 'While it failed').catch(() => undefined);
    // Neither done nor refused: nobody knows.
    expect([undefined, 503]).toContain(answer?.status);
    expect(await server.ended()).toEqual({ code: 74, signal: null });
    if (tracer.exitCode === null) await once(tracer, 'exit');

    await server.start();
    const kept = await notes(await server.as('manager'));
    expect(kept).toContain('Before it failed');
    expect(kept.filter(content => content === 'While it failed').length).toBeLessThanOrEqual(1);
    await server.end('SIGTERM');
    expect(check(server.data)).toMatchObject({ status: 0 });
  }, 30_000);
});

const place = join(folder, 'small');
mkdirSync(place);
const small = ['-t', 'tmpfs', '-o', 'size=1m', 'shopbell-test', place];
const cannotMount = unless('mount', ...small);
if (cannotMount === undefined) spawnSync('umount', [place]);

describe.skipIf(cannotMount)('a full disk', () => {
  test('refuses writes with 507 and does nothing by halves, goes on reading, and heals by itself', async () => {
    const server = new Server({});
    mkdirSync(server.data, { recursive: true });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'shopbell-test', server.data]);
    expect(mounted.status).toBe(0);
    onTestFinished(async () => {
      if (server.isRunning) await server.end('SIGKILL');
      spawnSync('umount', [server.data]);
      await server.discard();
    });
    await server.start();
    const manager = await server.as('manager');
    const desk = await (await server.as('desk')).connect({ transports: ['websocket'] });
    const filler = join(server.data, 'filler');
    fill(filler);

    const before = await notes(manager);
    const refused: string[] = [];
    // What is left in the log's pages may still take a few.
    for (let round = 0; refused.length < 5 && round < 500; round += 1) {
      const answer = await note(manager, `${round} ${'x'.repeat(2000)}`);
      if (answer.status === 201) before.push(`${round} ${'x'.repeat(2000)}`);
      else refused.push(`${answer.status} ${String(answer.body['code'])}`);
    }
    expect(new Set(refused)).toEqual(new Set(['507 storage_full']));
    expect((await notes(manager)).toSorted()).toEqual(before.toSorted());
    expect(desk.socket.connected).toBe(true);
    expect(await desk.ask('heartbeat')).toEqual({ ok: true });

    unlinkSync(filler);
    expect((await note(manager, 'There is room again')).status).toBe(201);
    await desk.event('work_order_updated', ({ data }) =>
      JSON.stringify(data).includes('There is room again'),
    );
    await server.end('SIGTERM');
    expect(check(server.data)).toMatchObject({ status: 0 });
  }, 60_000);
});

/** Writes a file until the disk is full. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  for (const size of [65_536, 4096, 1]) {
    try {
      while (true) writeSync(descriptor, Buffer.alloc(size, 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(descriptor);
}

describe('shopbell check', () => {
  test('finds a database sound, and one that was damaged not: 65', async () => {
    const server = await startServer();
    onTestFinished(() => server.discard());
    await note(await server.as('manager'), 'Sound');
    await server.end('SIGTERM');
    expect(check(server.data)).toMatchObject({
      status: 0,
      stdout: 'settings, database and journal are sound\n',
    });

    const file = join(server.data, 'shopbell.db');
    const descriptor = openSync(file, 'r+');
    for (let page = 4096 * 5; page < statSync(file).size; page += 4096 * 3) {
      writeSync(descriptor, Buffer.alloc(512, 0x5a), 0, 512, page);
    }
    closeSync(descriptor);
    const found = check(server.data);
    expect(found.status).toBe(65);
    expect(found.stdout).not.toBe('');
  });

  test('says of a folder without a database that there is none', () => {
    const nothing = join(folder, 'nothing');
    const found = check(nothing);
    expect(found.status).toBe(65);
    expect(found.stdout).toContain(`there is no database at ${nothing}`);
    expect(existsSync(nothing)).toBe(false);
  });
});
