// Starting the program itself (contract section 9).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { binary, type Server, startServer } from '../server.ts';

const folder = mkdtempSync(join(tmpdir(), 'shopbell-program-'));
const servers: Server[] = [];
afterAll(async () => {
  await Promise.all(servers.map(server => server.discard()));
  rmSync(folder, { recursive: true, force: true });
});

async function started(settings: Record<string, string> = {}): Promise<Server> {
  const server = await startServer({ settings });
  servers.push(server);
  return server;
}

/** Runs the program to its end. */
async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

test('several servers run at once, each with its own data', async () => {
  const [one, two] = await Promise.all([started(), started()]);
  const [first, second] = await Promise.all([one.as('desk'), two.as('desk')]);
  const [order] = await first.orders();
  await first.change(order!.id, { description: 'Only here' });
  expect((await second.order(order!.id)).description).not.toBe('Only here');
});

test('a busy port is named in the error', async () => {
  const holder = await started();
  const address = `127.0.0.1:${holder.port}`;
  const { code, said } = await run('serve', '--listen', address, '--data', join(folder, 'busy'), '--demo');
  expect(code).not.toBe(0);
  expect(said).toContain(address);
  expect(said).toMatch(/in use/i);
});

test('the secret is made on first start and kept, mode 600, so tokens outlive a restart', async () => {
  const server = await started({ SHOPBELL__AUTH__SECRET_FILE: '' });
  const file = join(server.data, 'secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const made = readFileSync(file, 'utf8');
  const desk = await server.as('desk');
  await server.end('SIGTERM');
  await server.start();
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect((await desk.get('/api/auth/me')).status).toBe(200);
});

test('in the production profile demo data refuses to start: exit 78, naming the setting', async () => {
  const { code, said } = await run(
    'serve',
    '--profile',
    'production',
    '--listen',
    '127.0.0.1:0',
    '--data',
    join(folder, 'production'),
    '--demo',
  );
  expect(code).toBe(78);
  expect(said).toContain('demo');
});

test('after a kill the next start is ready within 2 s', async () => {
  const server = await started();
  const desk = await server.as('desk');
  const [order] = await desk.orders();
  await desk.change(order!.id, { description: 'Just before the kill' });
  await server.end('SIGKILL');
  const before = performance.now();
  await server.start();
  expect((await desk.order(order!.id)).description).toBe('Just before the kill');
  expect(performance.now() - before).toBeLessThan(2_000);
});
