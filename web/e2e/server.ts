// Starts the real program on a free port with its own data folder, and ends it in the ways that machines do.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Person } from './person.ts';
import { request } from './rest.ts';
import type { Role } from './wire.ts';
import { password, people, type Who } from './people.ts';

/** The program under test. */
export const binary = resolve(
  process.env['SHOPBELL_BIN'] ?? join(import.meta.dirname, '../../target/debug/shopbell'),
);
/** The same program with a clock that a test can move. */
const clocked = join(dirname(binary), 'clocked');
const listening = /^shopbell listening on http:\/\/127\.0\.0\.1:(\d+)$/m;
const startLimitMs = 20_000;

/** Known to the tests, so that they can sign tokens that the program must refuse. */
export const secret = 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15c0ffee0123456789abcdef42';

export interface ServerOptions {
  /** Settings by their environment names, such as `SHOPBELL__SERVER__DRAIN_S`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Its clock can be moved: see `Server.advance`. */
  readonly clocked?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a crashed test run would leave behind. */
const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A freshly started program with demo data. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  if (!existsSync(binary)) {
    throw new Error(`there is no program at ${binary}: run \`make e2e\`, or set SHOPBELL_BIN`);
  }
  const server = new Server(options);
  await server.start();
  return server;
}

export class Server {
  /** Everything the program has written, over all its starts. */
  log = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'shopbell-e2e-'));
  readonly data = join(this.#folder, 'data');
  /** As in the options; a change counts from the next start on. */
  readonly settings: Record<string, string>;
  readonly #signedIn = new Map<Who, Promise<Person>>();
  #port = 0;
  #child: ChildProcess | undefined;
  #exit: Promise<Exit> | undefined;

  readonly #isClocked: boolean;

  constructor(options: ServerOptions) {
    this.#isClocked = options.clocked ?? false;
    this.settings = { ...options.settings };
    folders.add(this.#folder);
    writeFileSync(join(this.#folder, 'secret'), secret, { mode: 0o600 });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the program is not running');
    return pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts on a free port; after a stop on the same port and data, so that clients find it again. */
  async start(...flags: readonly string[]): Promise<void> {
    const child = spawn(
      this.#isClocked ? clocked : binary,
      ['serve', '--listen', `127.0.0.1:${this.#port}`, '--data', this.data, '--demo', ...flags],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          SHOPBELL__AUTH__SECRET_FILE: join(this.#folder, 'secret'),
          ...this.settings,
        },
      },
    );
    running.add(child);
    this.#child = child;
    this.#exit = new Promise(done => {
      child.once('exit', (code, signal) => {
        running.delete(child);
        done({ code, signal });
      });
    });
    const from = this.log.length;
    const keep = (chunk: Buffer): void => {
      this.log += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);

    const limit = AbortSignal.timeout(startLimitMs);
    while (true) {
      const found = listening.exec(this.log.slice(from));
      if (found?.[1] !== undefined) {
        this.#port = Number(found[1]);
        return;
      }
      const ended = this.#exit.then(() => 'ended' as const);
      const news = once(child.stdout, 'data', { signal: limit }).catch(() => 'late' as const);
      const outcome = await Promise.race([ended, news]);
      if (outcome === 'ended' || outcome === 'late') {
        throw new Error(`the program did not say that it listens (${outcome}):\n${this.log.slice(from)}`);
      }
    }
  }

  /**
   * Moves the clock of a clocked program, by seconds, and waits until it shows that. A program that starts again starts at
   * the true time.
   */
  async advance(seconds: number): Promise<void> {
    if (!this.#isClocked) throw new Error('the clock of this program cannot be moved');
    const goal = (await this.now()) + seconds * 1000;
    this.#child?.stdin?.write(`${seconds}\n`);
    while ((await this.now()) < goal) /* asks again */ ;
  }

  /** What the program's clock shows, in milliseconds. */
  async now(): Promise<number> {
    const { body } = await request<{ timestamp: string }>('GET', `${this.url}/api/websocket/health`);
    return Date.parse(body.timestamp);
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    if (this.#child === undefined || this.#exit === undefined)
      throw new Error('the program was never started');
    this.#child.kill(signal);
    return this.#exit;
  }

  /** How the program ends, by itself. */
  async ended(): Promise<Exit> {
    if (this.#exit === undefined) throw new Error('the program was never started');
    return this.#exit;
  }

  /** Sends a signal and returns at once: for a kill at this very instant. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** The end of a test file: nothing is kept. */
  async discard(): Promise<void> {
    for (const person of await Promise.allSettled(this.#signedIn.values())) {
      if (person.status === 'fulfilled') person.value.disconnectAll();
    }
    if (this.isRunning) await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
    folders.delete(this.#folder);
  }

  /** One of the demo people, signed in by password; the same session however often it is asked for. */
  async as(who: Who): Promise<Person> {
    const known = this.#signedIn.get(who) ?? this.signInAgain(who);
    this.#signedIn.set(who, known);
    return known;
  }

  /** Somebody new in shop 1, signed in; the demo people stay as they are. */
  async hire(role: Role, name: string): Promise<Person> {
    const newcomer = {
      shop: 1,
      role,
      name,
      email: `${name.toLowerCase().replaceAll(' ', '.')}@shopbell.test`,
    };
    const { email } = newcomer;
    await (await this.as('admin')).write('POST', '/api/users', { name, email, role, password });
    return Person.signIn(() => this.url, newcomer);
  }

  /** Another session of a demo person, such as a second device. */
  async signInAgain(who: Who): Promise<Person> {
    return Person.signIn(() => this.url, people[who]);
  }
}
