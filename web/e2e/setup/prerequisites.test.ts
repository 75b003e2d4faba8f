// A fresh machine, as far as one can be tried: scripts/prerequisites with a PATH in which only some tools exist.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const scripts = join(import.meta.dirname, '../../../scripts');
/** What any Linux has. */
const basics = ['awk', 'bash', 'dirname', 'env', 'grep', 'head', 'readlink', 'sed', 'sort'];

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'shopbell-path-'));
  for (const name of basics) {
    const path = ['/usr/bin', '/bin'].map(folder => join(folder, name)).find(existsSync);
    if (path === undefined) throw new Error(`this machine has no ${name}`);
    symlinkSync(path, join(bin, name));
  }
  tool('node', 'echo v20.19.0');
  tool('npm', 'echo 10.8.0');
  tool('cargo', 'echo cargo 1.95.0');
  tool('rustc', 'echo "rustc 1.95.0 (stub)"');
  tool('cc', 'exit 0');
  tool('chromium', 'echo Chromium 150');
  tool('python3', 'exit 0');
  tool('strace', 'exit 0');
  tool('initdb', 'exit 0');
  tool('pg_isready', 'exit 0');
  tool('postgres', 'echo "postgres (PostgreSQL) 15.4"');
  tool('apt-get', `echo "apt-get $*" >> ${bin}/installed`);
  tool('id', 'echo 0');
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** Puts a stand-in of that name into PATH. */
function tool(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

const without = (...names: string[]): void => {
  for (const name of names) rmSync(join(bin, name));
};

function prerequisites(purpose: 'build' | 'test', settings: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('/bin/bash', [join(scripts, 'prerequisites'), purpose], {
    // No stdin, as in CI: nobody is there to type a password.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { PATH: bin, OS_RELEASE: '/dev/null', ...settings },
  });
  const log = join(bin, 'installed');
  return { status, said: stdout + stderr, installed: existsSync(log) ? readFileSync(log, 'utf8') : '' };
}

test('with everything there nothing is installed', () => {
  expect(prerequisites('test')).toMatchObject({ status: 0, installed: '' });
});

describe('what is missing', () => {
  test('is installed with apt by root, and said', () => {
    without('cc', 'chromium');
    const { status, said, installed } = prerequisites('test');
    expect(installed).toMatch(
      /^apt-get update.*\napt-get install .*build-essential chromium chromium-sandbox fonts-liberation\n$/,
    );
    expect(said).toContain('installing with apt: build-essential chromium chromium-sandbox fonts-liberation');
    // The stand-in of apt-get brings no browser, so the end says what that means.
    expect(said).toContain('the browser tests will be skipped');
    expect(status).toBe(0);
  });

  test('is Python with its venv, where there is none or it is a package of its own', () => {
    without('python3');
    expect(prerequisites('test').installed).toMatch(/apt-get install .*python3-venv\n$/);
    tool('python3', 'exit 1');
    const { status, said, installed } = prerequisites('test');
    expect(installed).toMatch(/apt-get install .*python3-venv\n$/);
    expect(said).toContain('the tests with python-socketio will be skipped');
    expect(status).toBe(0);
  });

  test('is strace', () => {
    without('strace');
    expect(prerequisites('test').installed).toMatch(/apt-get install .*strace\n$/);
  });

  test('is no browser, no Python, no strace and no PostgreSQL for a build', () => {
    without('chromium', 'python3', 'strace', 'initdb');
    expect(prerequisites('build')).toMatchObject({ status: 0, installed: '' });
  });

  test('is installed through sudo where that asks for nothing', () => {
    without('cc');
    tool('id', 'echo 1000');
    tool('sudo', `[ "$1" = -n ] && exit 0; echo sudo >> ${bin}/installed; exec "$@"`);
    const { status, installed } = prerequisites('build');
    expect(installed).toMatch(/^sudo\napt-get update.*\nsudo\napt-get install .*build-essential\n$/);
    expect(status).toBe(0);
  });

  test.each([
    ['without root or sudo', undefined],
    ['with a sudo that wants a password', '[ "$1" != -n ]'],
  ])('is named, and nothing is installed, %s', (_name, sudo) => {
    without('cc', 'chromium');
    tool('id', 'echo 1000');
    if (sudo !== undefined) tool('sudo', sudo);
    const { status, said, installed } = prerequisites('test');
    expect(status).toBe(1);
    expect(said).toContain('build-essential chromium chromium-sandbox fonts-liberation');
    expect(installed).toBe('');
  });

  test('is named where there is no apt', () => {
    without('cc', 'apt-get');
    expect(prerequisites('build')).toMatchObject({
      status: 1,
      said: expect.stringContaining('build-essential'),
    });
  });
});

describe('Rust and Node', () => {
  test.each(['node', 'npm', 'cargo'])('without %s it says where to get it and stops', name => {
    without(name);
    const { status, said, installed } = prerequisites('build');
    expect({ status, installed }).toEqual({ status: 1, installed: '' });
    expect(said).toMatch(/https:\/\/(nodejs\.org|rustup\.rs)/);
  });

  test.each([
    ['node', 'echo v18.20.4', 'v18.20.4'],
    ['node', 'echo v20.9.0', 'v20.9.0'],
    ['rustc', 'echo "rustc 1.63.0"', '1.63.0'],
  ])('%s that is too old is named with its version: %s', (name, script, version) => {
    tool(name, script);
    expect(prerequisites('build')).toMatchObject({ status: 1, said: expect.stringContaining(version) });
  });

  test('a toolchain that rustup has not fetched yet is fetched', () => {
    tool('rustc', `[ -e ${bin}/fetched ] && echo "rustc 1.95.0" || exit 1`);
    tool('rustup', `echo "$*" > ${bin}/fetched`);
    expect(prerequisites('build').status).toBe(0);
    expect(readFileSync(join(bin, 'fetched'), 'utf8')).toContain('toolchain install 1.95.0');
  });
});

describe('the browser', () => {
  const ubuntu = (): Record<string, string> => {
    writeFileSync(join(bin, 'os-release'), 'NAME="Ubuntu"\nID=ubuntu\n');
    return { OS_RELEASE: join(bin, 'os-release') };
  };

  test('that is the stub of a snap counts as none, and is not asked of apt on Ubuntu', () => {
    tool('chromium', 'echo "install the snap" >&2; exit 1');
    const { status, said, installed } = prerequisites('test', ubuntu());
    expect({ status, installed }).toEqual({ status: 0, installed: '' });
    expect(said).toContain('the browser tests will be skipped');
  });

  test.each(['google-chrome', 'google-chrome-stable', 'chromium-browser'])('may be called %s', name => {
    without('chromium');
    tool(name, 'exit 0');
    expect(prerequisites('test', ubuntu()).said).not.toContain('browser tests will be skipped');
  });

  test('is the one that CHROMIUM names', () => {
    tool('mine', 'exit 0');
    const run = spawnSync('/bin/bash', [join(scripts, 'chromium')], {
      encoding: 'utf8',
      env: { PATH: bin, CHROMIUM: join(bin, 'mine') },
    });
    expect(run.stdout.trim()).toBe(join(bin, 'mine'));
  });
});

test('a busy port is named before anything is built', async () => {
  const holder = createServer();
  await new Promise<void>(done => holder.listen(0, '127.0.0.1', done));
  const address = holder.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const ask = () => spawnSync('/bin/bash', [join(scripts, 'port-free'), String(port)], { encoding: 'utf8' });
  const busy = ask();
  expect(busy.status).toBe(1);
  expect(busy.stderr).toContain(`port ${port} is in use`);
  await new Promise(done => holder.close(done));
  expect(ask().status).toBe(0);
});
