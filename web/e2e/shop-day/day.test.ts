// "Old state + captured events = fresh state by REST", for every role of two shops on one server, over a day of work.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import { seeded } from '../random.ts';
import { startServer } from '../server.ts';
import { Cast, type Member } from './cast.ts';
import { type Chance, deeds } from './deeds.ts';
import { expectSeenRightly, secretsFrom } from './eyes.ts';
import { View } from './view.ts';

/** Changes that must have succeeded before the day is over. */
const wanted = 600;
const seed = Number(process.env['SHOPBELL_DAY_SEED'] ?? 20_261_124);

const server = await startServer();
afterAll(() => server.discard());
const shops = [
  await Cast.of(server, '«one»', staff),
  await Cast.of(server, '«two»', ['otherAdmin', 'otherTechnician']),
];
afterAll(() => {
  for (const shop of shops) shop.close();
});
/** The last thing that happened in each shop. */
const ends: number[] = [];
const done = { changes: 0, refusals: 0 };

const random = seeded(seed);
const chance: Chance = {
  of: values => values[Math.floor(random() * values.length)],
  is: share => random() < share,
  upTo: most => 1 + Math.floor(random() * most),
};

/** One deed of somebody; a refusal may only come of having known too little or having been too late. */
async function live(cast: Cast): Promise<void> {
  const { roles, deed } = chance.of(deeds)!;
  const by = chance.of(cast.of(...roles));
  if (by === undefined) return;
  for (const { status, body } of await deed(cast, by, chance)) {
    if (status >= 200 && status < 300) done.changes += 1;
    else {
      done.refusals += 1;
      expect({ status, body, who: by.who }).toMatchObject({
        status: expect.toBeOneOf([403, 404, 409]) as unknown,
      });
    }
  }
}

beforeAll(async () => {
  while (done.changes < wanted) {
    // Every fifth time several people at once, and now and then in the other shop.
    const crowd = chance.is(0.2) ? chance.upTo(6) : 1;
    await Promise.all(Array.from({ length: crowd }, () => live(shops[chance.is(0.2) ? 1 : 0]!)));
  }
  for (const [i, who] of (['admin', 'otherAdmin'] as const).entries()) {
    const orders = await Orders.of(server, who);
    ends[i] = await orders.fence(...shops[i]!.members.map(member => member.connection));
  }
}, 120_000);

const cases = shops.flatMap((cast, shop) =>
  cast.members.map(member => ({ name: `${member.person.demo.name}, shop ${shop + 1}`, member, cast, shop })),
);
const seqs = ({ connection }: Member): number[] =>
  connection.received.flatMap(({ payload }) => (typeof payload['seq'] === 'number' ? [payload['seq']] : []));

test(`at least 300 changes were made by everyone (seed ${seed})`, () => {
  expect(done.changes).toBeGreaterThanOrEqual(300);
  // People mostly knew what they did.
  expect(done.refusals).toBeLessThan(done.changes / 4);
  const names = new Set(shops[0]!.members.flatMap(each => each.connection.received.map(event => event.name)));
  for (const name of [
    'work_order_updated',
    'work_order_removed',
    'work_order_assignment_update',
    'repair_ticket_updated',
    'repair_ticket_removed',
    'user_typing_start',
    'user_presence_update',
    'notification_received',
    'notification_count_updated',
    'notification_read',
    'notification_deleted',
  ]) {
    expect(names).toContain(name);
  }
});

describe.each(cases)('$name', ({ member, cast, shop }) => {
  test('knows from events what REST tells afresh: orders, tickets, notifications and their count', async () => {
    expect(member.view.rows).toStrictEqual((await View.read(member.person)).rows);
  });

  test('saw only fields that they may see', () => {
    for (const event of member.connection.received) expectSeenRightly(member, event);
    expect(JSON.stringify(member.connection.received)).not.toMatch(secretsFrom[member.person.demo.role]);
  });

  test('saw nothing of the other shop: none of its texts, its rows and its people', () => {
    const { received } = member.connection;
    const other = shops[1 - shop]!;
    expect(JSON.stringify(received)).not.toContain(other.mark);
    // Admins know every row of their shop, and ids are unique over all shops.
    const { orders, tickets } = other.members[0]!.view;
    const people = new Set(other.members.map(each => each.person.id));
    for (const { name, payload } of received) {
      const { workOrderId, ticketId, userId } = payload as Record<string, number>;
      const strange = orders.has(workOrderId!) || tickets.has(ticketId!) || people.has(userId!);
      expect({ name, payload, strange }).toMatchObject({ strange: false });
    }
    expect(orders.size * tickets.size * people.size).toBeGreaterThan(0);
    expect(cast.mark).not.toBe(other.mark);
  });

  test('saw each event once, in the order of seq', () => {
    const seen = seqs(member);
    expect(seen.length).toBeGreaterThan(0);
    for (const [i, seq] of seen.entries()) expect(seq).toBeGreaterThan(seen[i - 1] ?? 0);
  });
});

test.each(shops.map((cast, shop) => ({ name: `shop ${shop + 1}`, cast, shop })))(
  'the views of all people together have no holes: $name',
  ({ cast, shop }) => {
    const seen = new Set(cast.members.flatMap(seqs));
    const all = Array.from({ length: ends[shop]! - cast.start }, (_, i) => cast.start + 1 + i);
    expect(all.filter(seq => !seen.has(seq))).toEqual([]);
  },
);
