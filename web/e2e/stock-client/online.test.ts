// `user_online`, `user_offline` and `presence_snapshot`: who is there, over all of their tabs (contract section 6).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import type { Person } from '../person.ts';
import { Pulse } from '../pulse.ts';
import { seeded } from '../random.ts';
import { startServer } from '../server.ts';
import { time } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const pulse = await Pulse.of(server);
const otherPulse = await Pulse.of(server, 'otherAdmin');
const admin = await server.as('admin');
const manager = await server.as('manager');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const otherTechnician = await server.as('otherTechnician');
/** Comes and goes as a clock: after her, five seconds have passed. */
const vesna = await server.hire('front_desk', 'Vesna Clock');

const presence = (person: Person): object => ({
  userId: person.id,
  userName: person.demo.name,
  role: person.demo.role,
  timestamp: time,
});

const present = (person: Person): object => ({
  userId: person.id,
  userName: person.demo.name,
  role: person.demo.role,
  status: 'active',
});

/** How often a connection was told that this person came and went, in order. */
const edges = (connection: Connection, person: Person): string[] =>
  connection.received
    .filter(event => event.name === 'user_online' || event.name === 'user_offline')
    .filter(event => event.payload['userId'] === person.id)
    .map(event => event.name);

/** Closes all tabs and waits until the grace is over, as an admin hears it. */
async function go(watcher: Connection, person: Person, ...tabs: Connection[]): Promise<void> {
  const already = edges(watcher, person).filter(name => name === 'user_offline').length;
  for (const tab of tabs) tab.close();
  await watcher.event('user_offline', () => {
    return edges(watcher, person).filter(name => name === 'user_offline').length > already;
  });
}

async function isOnline(person: Person): Promise<boolean> {
  const answer = await admin.get<{ data: { isOnline: boolean } }>(`/api/websocket/user/${person.id}/rooms`);
  return answer.body.data.isOnline;
}

interface Stats {
  readonly connectedUsers: readonly { readonly userId: number; readonly connections: number }[];
}

/** How many connections an admin sees of this person; `undefined` when they are not online. */
async function connectionsOf(person: Person): Promise<number | undefined> {
  const { body } = await admin.get<{ data: Stats }>('/api/websocket/stats');
  return body.data.connectedUsers.find(user => user.userId === person.id)?.connections;
}

/** Resolves once the server has seen the last tab close. */
async function closed(person: Person): Promise<void> {
  while (await connectionsOf(person)) /* asks again */ ;
}

/** Connected all the time, so that only the person of the test comes and goes. */
const watching = {} as Record<'admin' | 'manager' | 'desk' | 'jelena' | 'otherAdmin', Connection>;
beforeAll(async () => {
  for (const who of ['admin', 'manager', 'desk', 'jelena', 'otherAdmin'] as const) {
    watching[who] = await (await server.as(who)).connect();
  }
});
const inShop = (): Connection[] => [watching.admin, watching.manager, watching.desk, watching.jelena];

describe('on the first connection', () => {
  test('user_online reaches role_{role} and admin_room, not the newcomer, not other roles, not the other shop', async () => {
    for (const each of inShop()) each.forget();
    const tab = await tarik.connect();
    await pulse.reach(...inShop(), tab);
    await otherPulse.reach(watching.otherAdmin);
    for (const each of [watching.admin, watching.manager, watching.jelena]) {
      expect(each.all('user_online')).toStrictEqual([presence(tarik)]);
    }
    for (const each of [watching.desk, watching.otherAdmin, tab]) {
      expect(edges(each, tarik)).toEqual([]);
    }
    await go(watching.admin, tarik, tab);
    await pulse.reach(...inShop());
    for (const each of [watching.admin, watching.manager, watching.jelena]) {
      expect(each.all('user_offline')).toStrictEqual([presence(tarik)]);
    }
    expect(edges(watching.desk, tarik)).toEqual([]);
    expect(edges(watching.otherAdmin, tarik)).toEqual([]);
  });
});

describe('three tabs are one user', () => {
  test('only the first is user_online, closing one changes nothing, only the last is user_offline', async () => {
    watching.admin.forget();
    const device = await server.signInAgain('tarik');
    const tabs = [await tarik.connect(), await tarik.connect(), await device.connect()];
    await pulse.reach(watching.admin);
    expect(edges(watching.admin, tarik)).toEqual(['user_online']);

    tabs[0]!.close();
    // Vesna closes after that: when her grace is over, so is the closed tab's.
    await go(watching.admin, vesna, await vesna.connect());
    expect(edges(watching.admin, tarik)).toEqual(['user_online']);
    expect(await isOnline(tarik)).toBe(true);
    expect(await connectionsOf(tarik)).toBe(2);

    const left = Date.now();
    await go(watching.admin, tarik, ...tabs);
    expect(Date.now() - left).toBeGreaterThanOrEqual(4_900);
    expect(edges(watching.admin, tarik)).toEqual(['user_online', 'user_offline']);
    expect(await isOnline(tarik)).toBe(false);
    expect(await connectionsOf(tarik)).toBeUndefined();
  });
});

describe('within the 5 s of grace', () => {
  test('the user is online everywhere', async () => {
    (await tarik.connect()).close();
    await closed(tarik);
    expect(await isOnline(tarik)).toBe(true);
    const lead = await manager.connect();
    const { users } = await lead.event('presence_snapshot');
    expect(users).toContainEqual(present(tarik));
    const health = await admin.get<{ connectedUsers: number }>('/api/websocket/health');
    // Those who watch, and Tarik.
    expect(health.body.connectedUsers).toBeGreaterThanOrEqual(6);
    await go(watching.admin, tarik);
  });

  test('one who comes back is neither user_offline nor user_online', async () => {
    watching.admin.forget();
    (await tarik.connect()).close();
    await closed(tarik);
    const back = await tarik.connect();
    // Vesna comes and goes after that: Tarik's first grace is long over then.
    await go(watching.admin, vesna, await vesna.connect());
    expect(edges(watching.admin, tarik)).toEqual(['user_online']);
    await go(watching.admin, tarik, back);
  });
});

describe('a stock client that is cut off and reconnects by itself', () => {
  test('was never gone', async () => {
    const tab = await tarik.connect();
    await pulse.reach(watching.admin);
    watching.admin.forget();
    const lost = tab.closed();
    tab.socket.io.engine.close();
    await lost;
    tab.socket.connect();
    await tab.reopened();
    await go(watching.admin, vesna, await vesna.connect());
    expect(edges(watching.admin, tarik)).toEqual([]);
    await go(watching.admin, tarik, tab);
  });
});

describe('presence_snapshot', () => {
  test('comes once after connect: {users:[{userId, userName, role, status}], timestamp}', async () => {
    const tab = await admin.connect();
    const snapshot = await tab.event('presence_snapshot');
    expect(snapshot).toStrictEqual({ users: expect.any(Array), timestamp: time });
    expect(snapshot.users).toContainEqual(present(jelena));
    await pulse.reach(tab);
    expect(tab.all('presence_snapshot')).toHaveLength(1);
  });

  test.each([
    ['an admin', 'admin', ['manager', 'jelena', 'desk']],
    ['a manager', 'manager', ['admin', 'jelena', 'desk']],
    ['a technician', 'tarik', ['jelena']],
    ['front desk', 'desk', []],
    ["the other shop's admin", 'otherAdmin', ['otherTechnician']],
    ["the other shop's technician", 'otherTechnician', []],
  ] as const)('has the scope of user_online: %s', async (_name, who, others) => {
    const theo = await otherTechnician.connect();
    await otherPulse.reach(theo);
    const tab = await (await server.as(who)).connect();
    const { users } = await tab.event('presence_snapshot');
    const expected = await Promise.all(others.map(async other => present(await server.as(other))));
    // Whose grace of an earlier test still lasts is there as well.
    const lasting = new Set([vesna.id, ...(who === 'tarik' ? [] : [tarik.id])]);
    expect(users.filter(user => !lasting.has(user.userId))).toStrictEqual(expected);
    if (who === 'tarik') {
      tab.close();
      await go(watching.admin, tarik);
    }
  });
});

/** How many random opens and closes; the same for a thousand is a property test of the table behind it. */
const deeds = 150;

test(
  `${deeds} random opens and closes give no false user_online or user_offline`,
  { timeout: 90_000 },
  async () => {
    const crowd = [tarik, vesna, await server.hire('technician', 'Ivo Crowd')];
    const random = seeded(20_260_704);
    for (const each of inShop()) each.forget();
    const tabs = new Map(crowd.map(person => [person, [] as Connection[]]));
    for (let i = 0; i < deeds; i += 1) {
      const person = crowd[Math.floor(random() * crowd.length)]!;
      const open = tabs.get(person)!;
      if (open.length === 0 || (open.length < 4 && random() < 0.5)) open.push(await person.connect());
      else open.splice(Math.floor(random() * open.length), 1)[0]!.close();
    }
    // One more tab each, so that the last close of all comes now.
    await Promise.all(
      crowd.map(async person => {
        const last = await person.connect();
        await go(watching.admin, person, ...tabs.get(person)!, last);
      }),
    );
    await pulse.reach(...inShop());
    for (const person of crowd) {
      const seen = edges(watching.admin, person);
      // They alternate, begin with online and end with offline.
      expect(seen.length % 2).toBe(0);
      expect(seen).toEqual(seen.map((_, at) => (at % 2 === 0 ? 'user_online' : 'user_offline')));
      expect(edges(watching.manager, person)).toEqual(seen);
      expect(await isOnline(person)).toBe(false);
    }
  },
);
