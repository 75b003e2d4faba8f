// The engine of ours, in the example that cargo builds beside the program under test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary } from '../server.ts';
import type { Side, Times } from './reference.ts';

const example = join(dirname(binary), 'examples', 'differential');

/** Starts the example on a free port. */
export async function startOurs(times: Times): Promise<Side> {
  if (!existsSync(example)) {
    throw new Error(
      `there is no example at ${example}: run \`make e2e\`, or \`cargo build -p shopbell-engine --examples\``,
    );
  }
  const { pingInterval, pingTimeout, connectTimeout, upgradeTimeout } = times;
  const child = spawn(example, [pingInterval, pingTimeout, connectTimeout, upgradeTimeout].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>(done => child.once('exit', () => done()));
  const port = await new Promise<number>((done, fail) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /^listening on (\d+)$/m.exec(said)?.[1];
      if (found !== undefined) done(Number(found));
    });
    void ended.then(() => fail(new Error(`the example ended and had said: ${said}`)));
  });
  return {
    port,
    stop: async () => {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}
