// One unmodified python-socketio connection, in a process of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Json } from './rest.ts';

/** Longer than for JavaScript: an interpreter has to start. */
const patienceMs = 20_000;

/** The Python that has the client, or why there is none. */
export function findPython(): { readonly path: string } | { readonly missing: string } {
  const script = join(import.meta.dirname, '../../scripts/python-client');
  const { status, stdout, stderr } = spawnSync(script, { encoding: 'utf8' });
  return status === 0 ? { path: stdout.trim() } : { missing: stderr.trim() };
}

export class PythonConnection {
  readonly lines: Json[] = [];
  readonly #child: ChildProcess;
  #complaints = '';
  #wake: () => void = () => {};

  constructor(python: string, url: string, auth: Json, transport: string) {
    const script = join(import.meta.dirname, 'python/client.py');
    this.#child = spawn(python, [script, url, JSON.stringify(auth), transport], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    createInterface({ input: this.#child.stdout! }).on('line', line => {
      this.lines.push(JSON.parse(line) as Json);
      this.#wake();
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#complaints += chunk.toString();
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** The first line for which this holds, past or to come. */
  async line(where: (line: Json) => boolean): Promise<Json> {
    const limit = AbortSignal.timeout(patienceMs);
    while (true) {
      const found = this.lines.find(where);
      if (found !== undefined) return found;
      await new Promise<void>((wake, fail) => {
        this.#wake = wake;
        const said = (): string =>
          `${this.lines.map(line => JSON.stringify(line)).join('\n')}\n${this.#complaints}`;
        limit.addEventListener('abort', () => fail(new Error(`no such line; said so far:\n${said()}`)));
      });
    }
  }

  async opened(): Promise<void> {
    await this.line(line => 'connected' in line);
  }

  /** The arguments of the first event of that name for which `where` holds. */
  async event(name: string, where: (payload: Json) => boolean = () => true): Promise<Json[]> {
    const line = await this.line(each => each['event'] === name && where((each['args'] as Json[])[0]!));
    return line['args'] as Json[];
  }

  /** Emits and resolves with the acknowledgement; one at a time. */
  async ask(name: string, payload: unknown): Promise<Json> {
    const before = this.lines.filter(line => 'ack' in line).length;
    this.#send({ ask: [name, payload] });
    await this.line(() => this.lines.filter(line => 'ack' in line).length > before);
    return this.lines.filter(line => 'ack' in line)[before]!['ack'] as Json;
  }

  tell(name: string, payload: unknown): void {
    this.#send({ tell: [name, payload] });
  }

  /** Lets the client disconnect, and has all that it said. */
  async close(): Promise<void> {
    const ended = new Promise(done => this.#child.once('exit', done));
    this.#child.stdin!.end();
    await ended;
  }

  #send(command: Json): void {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
  }
}
