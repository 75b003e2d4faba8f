// The databases that the program runs on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Database {
  /** What the program must be told to use it. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const sqlite: Database = { settings: {}, close: async () => {} };

/** `sqlite`, in the program's own data folder, or `postgres`: a server that is started for it. */
export async function openDatabase(name: string): Promise<Database> {
  if (name === 'sqlite') return sqlite;
  if (name !== 'postgres') throw new Error(`there is no database "${name}": sqlite or postgres`);
  // It ends when its standard input does, and so with this process.
  const script = spawn(join(import.meta.dirname, '../../../scripts/postgres'), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(script, 'close');
  const lines = createInterface(script.stdout);
  const url = (await Promise.race([once(lines, 'line'), closed]))[0] as unknown;
  if (typeof url !== 'string') throw new Error(`scripts/postgres ended: ${String(url)}`);
  return {
    settings: { SHOPBELL__SERVER__DATABASE_URL: url },
    close: async () => {
      script.stdin.end();
      await closed;
    },
  };
}
