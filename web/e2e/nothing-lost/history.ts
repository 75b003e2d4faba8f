// Takes down what happens, a line for each thing, for the checker (crates/testkit/src/history). Times are `Date.now()`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Received } from '../connection.ts';
import { binary } from '../server.ts';

/** The checker: made by the same build as the program under test. */
const checker = process.env['SHOPBELL_HISTORY_BIN'] ?? join(dirname(binary), 'history');

/** Lines that are written at once. */
const batch = 1_000;

export type Line = { readonly kind: string } & Readonly<Record<string, unknown>>;

export class History {
  readonly file: string;
  /** How many lines of each kind. */
  readonly counts = new Map<string, number>();
  readonly #payloads = new Map<string, number>();
  #lines: string[] = [];

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, '');
  }

  add(line: Line): void {
    this.counts.set(line.kind, this.count(line.kind) + 1);
    this.#lines.push(JSON.stringify(line));
    if (this.#lines.length >= batch) this.flush();
  }

  count(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }

  /** What a client was handed. Payloads are written once: most clients are handed the same. */
  event(client: number, connection: number, { name, payload: body }: Received, at: number): void {
    const key = `${name} ${JSON.stringify(body)}`;
    let payload = this.#payloads.get(key);
    if (payload === undefined) {
      payload = this.#payloads.size;
      this.#payloads.set(key, payload);
      this.add({ kind: 'payload', id: payload, name, body });
    }
    this.add({ kind: 'event', client, connection, payload, at });
  }

  flush(): void {
    if (this.#lines.length > 0) appendFileSync(this.file, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }

  /** Adds the journal as it stands in a data folder; the program must not run. */
  async addJournal(folder: string, settings: Readonly<Record<string, string>>): Promise<void> {
    this.flush();
    const reader = spawn(checker, ['journal', folder], {
      env: { ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    reader.stdout.pipe(createWriteStream(this.file, { flags: 'a' }));
    const [code] = (await once(reader, 'close')) as [number];
    if (code !== 0) throw new Error(`the journal could not be read: exit ${code}`);
  }

  /** What the checker says: nothing but its closing line when all is well. */
  async check(): Promise<{ readonly code: number; readonly output: string }> {
    this.flush();
    const run = spawn(checker, [this.file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    run.stdout.on('data', keep);
    run.stderr.on('data', keep);
    const [code] = (await once(run, 'close')) as [number];
    return { code, output };
  }
}
