// "No stock client can tell it from the reference": the same scripts against both, and what a client sees compared.
import { afterAll, describe, expect, test } from 'vitest';
import { differences } from './differences.ts';
import { startOurs } from './ours.ts';
import { startReference, type Times } from './reference.ts';
import type { Session } from './session.ts';
import { handshakes } from './sessions/handshake.ts';
import { eventSessions } from './sessions/events.ts';
import { frameSessions } from './sessions/frames.ts';
import { randomSessions } from './sessions/random.ts';
import { timeSessions } from './sessions/time.ts';
import { upgrades } from './sessions/upgrade.ts';
import { packetSessions } from './sessions/packets.ts';
import { pollings } from './sessions/polling.ts';
import { hunks, shown } from './trace.ts';
import { Wire } from './wire.ts';

const patient: Times = {
  pingInterval: 25_000,
  pingTimeout: 20_000,
  connectTimeout: 45_000,
  upgradeTimeout: 10_000,
};
const hasty: Times = { pingInterval: 300, pingTimeout: 200, connectTimeout: 500, upgradeTimeout: 400 };

const both = async (times: Times) => ({
  reference: await startReference(times),
  ours: await startOurs(times),
});
const sides = { patient: await both(patient), hasty: await both(hasty) };
afterAll(async () => {
  for (const { reference, ours } of Object.values(sides)) await Promise.all([reference.stop(), ours.stop()]);
});

async function trace(port: number, session: Session): Promise<string[]> {
  const wire = new Wire(port, session.name);
  try {
    await session.run(wire);
  } finally {
    wire.close();
  }
  return wire.trace.lines();
}

async function compare(session: Session): Promise<void> {
  const { reference, ours } = session.hasty ? sides.hasty : sides.patient;
  const traces = await Promise.all([reference, ours].map(({ port }) => trace(port, session)));
  const [theirs = [], mine = []] = traces;
  expect(theirs.length, 'nothing was seen of the reference').toBeGreaterThan(0);
  const found = hunks(theirs, mine);
  const known = differences.filter(difference => difference.sessions.test(session.name));
  if (known.length === 0) return expect(found.map(shown), theirs.join('\n')).toEqual([]);
  expect(known.length, 'a session has one explanation').toBe(1);
  for (const { is } of known) {
    if (typeof is === 'string') {
      const ends = [theirs.at(-1), mine.at(-1)].map(line => line === 'session is over');
      expect(ends, found.map(shown).join('\n')).toEqual([is === 'over there', is === 'over with us']);
    } else {
      expect(found, theirs.join('\n')).not.toEqual([]);
      expect(found.flatMap(({ reference: lines }) => lines).join('\n')).toMatch(is[0]);
      expect(found.flatMap(({ ours: lines }) => lines).join('\n')).toMatch(is[1]);
    }
  }
}

const sessions = [
  ...handshakes,
  ...pollings,
  ...packetSessions,
  ...frameSessions,
  ...upgrades,
  ...eventSessions,
  ...timeSessions,
  ...randomSessions,
];

const named = (which: (session: Session) => boolean) =>
  sessions.filter(which).map(session => [session.name, session] as const);

describe('what a client sees is what it sees of the reference:', () => {
  test.each(named(session => !session.hasty))('%s', (_, session) => compare(session));
});

describe.concurrent('in time too:', () => {
  test.each(named(session => session.hasty === true))('%s', (_, session) => compare(session));
});

test('each listed difference is about some session, and no two sessions have one name', () => {
  const names = sessions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const idle = differences.filter(difference => !names.some(name => difference.sessions.test(name)));
  expect(idle).toEqual([]);
});
