// Who comes back and is not recovered: nothing before the token is checked, and never a word of somebody else's.
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import type { Person } from '../person.ts';
import { RawWebSocket } from '../rawWebSocket.ts';
import { startServer } from '../server.ts';
import { time } from '../shapes.ts';
import { claimsOf, now, sign } from '../tokens.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

const webSocket = { transports: ['websocket'] };
const required = (reason: string): object => ({ reason, seq: expect.any(Number), timestamp: time });

/** A session that was cut off after its greeting: what its client comes back with. */
async function left(person: Person): Promise<{ sid: string; pid: string; offset: string }> {
  const raw = await RawWebSocket.open(server, person.accessToken);
  const greeting = await raw.text(text => text.startsWith('42["notification_count_updated"'));
  const offset = (JSON.parse(greeting.slice(2)) as unknown[])[2] as string;
  const { sid, pid } = raw.session;
  raw.destroy();
  return { sid, pid: pid!, offset };
}

/** Everything but the handshake that came to a raw connection, after all that was to come has come. */
async function trace(raw: RawWebSocket): Promise<string[]> {
  const seq = await orders.fence();
  if (raw.texts.some(text => text.startsWith('40'))) await raw.seq(seq);
  raw.destroy();
  return raw.texts.filter(text => !text.startsWith('0{'));
}

describe('a token that is refused at the return', () => {
  const tokens: [string, string, (person: Person) => string][] = [
    ['is garbage', 'invalid_token', () => 'garbage'],
    ['has expired', 'token_expired', person => sign({ ...claimsOf(person), exp: now() - 1 })],
    [
      'is signed by somebody else',
      'invalid_token',
      person => sign(claimsOf(person), { key: 'x'.repeat(64) }),
    ],
    ['is none', 'authentication_required', () => ''],
  ];
  test.each(tokens)('because it %s: nothing but `44` with %s on the wire', async (_why, code, tokenOf) => {
    const { pid, offset } = await left(desk);
    const watcher = await desk.connect();
    await orders.fence(watcher);
    const raw = await RawWebSocket.open(server, { token: tokenOf(desk), pid, offset });
    await orders.fence(watcher);
    const [refusal, ...more] = await trace(raw);
    expect(more).toEqual([]);
    expect(JSON.parse(refusal!.slice(2))).toMatchObject({ data: { code } });
    expect(refusal!.startsWith('44{')).toBe(true);
  });

  test('because it was revoked: nothing but `44`', async () => {
    const leaver = await server.signInAgain('desk');
    const { pid, offset } = await left(leaver);
    expect((await leaver.call('POST', '/api/auth/logout')).status).toBeOneOf([200, 204]);
    await orders.fence();
    const raw = await RawWebSocket.open(server, { token: leaver.accessToken, pid, offset });
    const texts = await trace(raw);
    expect(texts.map(text => text.slice(0, 3))).toEqual(['44{']);
    expect(texts[0]).toContain('invalid_token');
  });

  test('does not end the session: with a good one it is recovered', async () => {
    const { sid, pid, offset } = await left(desk);
    const missed = await orders.fence();
    (await RawWebSocket.open(server, { token: 'garbage', pid, offset })).destroy();
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid, offset });
    expect(raw.session).toEqual({ sid, pid });
    await raw.seq(missed);
  });
});

describe("somebody else's session", () => {
  test("is not recovered by another person's token, and not one of its events is told", async () => {
    const hers = await orders.take({ technician: jelena });
    const { sid, pid, offset } = await left(jelena);
    const { seq } = await manager.change(hers.id, { description: 'For Jelena alone' });
    const raw = await RawWebSocket.open(server, { token: tarik.accessToken, pid, offset });
    const texts = await trace(raw);
    expect(raw.session.sid).not.toBe(sid);
    expect(raw.session.pid).not.toBe(pid);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('session')]);
    expect(texts.join()).not.toContain(`"seq":${seq}}`);
    expect(texts.join()).not.toContain('For Jelena alone');
    // Hers is still there for her.
    const back = await RawWebSocket.open(server, { token: jelena.accessToken, pid, offset });
    expect(back.session).toEqual({ sid, pid });
    await back.seq(seq);
  });

  test("is not recovered by another shop's admin", async () => {
    const { pid, offset } = await left(desk);
    const { seq } = await manager.change((await orders.take()).id, { description: 'Nobody of theirs' });
    const otherAdmin = await server.as('otherAdmin');
    const raw = await RawWebSocket.open(server, { token: otherAdmin.accessToken, pid, offset });
    await raw.text(text => text.startsWith('42["presence_snapshot"'));
    expect(raw.session.pid).not.toBe(pid);
    expect(raw.events.map(([name]) => name)).toEqual([
      'resync_required',
      'notification_count_updated',
      'presence_snapshot',
    ]);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('session')]);
    expect(raw.texts.join()).not.toContain('Nobody of theirs');
    expect(raw.texts.join()).not.toContain(`"seq":${seq}}`);
  });
});

describe('a session that cannot go on gets a fresh one and `resync_required`', () => {
  test.each([
    ['an unknown pid', { pid: 'nobody-has-this' }],
    ['an empty pid', { pid: '' }],
    ['a pid of 10,000 characters', { pid: 'x'.repeat(10_000) }],
    ['an offset that is none', { offset: 'nonsense' }],
    ['an empty offset', { offset: '' }],
    ['an offset that is a number', { offset: 5 }],
    ['no offset', { offset: undefined }],
  ])('%s', async (_what, replaced) => {
    const known = await left(desk);
    const raw = await RawWebSocket.open(server, { ...known, ...replaced, token: desk.accessToken });
    await raw.text(text => text.startsWith('42["presence_snapshot"'));
    expect(raw.session.pid).not.toBe(known.pid);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('session')]);
    const seq = await orders.fence();
    await raw.seq(seq);
  });

  test("after the client's own DISCONNECT", async () => {
    const connection = await desk.connect(webSocket);
    await connection.event('notification_count_updated');
    const { id } = connection.socket;
    connection.socket.disconnect();
    await orders.fence();
    connection.socket.connect();
    await connection.reopened();
    expect(connection.recovered).toBe(false);
    expect(connection.socket.id).not.toBe(id);
    expect(await connection.event('resync_required')).toStrictEqual(required('session'));
  });

  test('with an offset of an earlier session, which counts only within its own', async () => {
    const earlier = await left(desk);
    const missed = await orders.fence();
    const { pid } = await left(desk);
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid, offset: earlier.offset });
    await trace(raw);
    expect(raw.session.pid).not.toBe(pid);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('session')]);
    const told = raw.events.filter(([name]) => name === 'work_order_updated');
    expect(told).toHaveLength(1);
    expect(told[0]![1]).not.toMatchObject({ seq: missed });
  });

  test('with an offset ahead of the journal', async () => {
    const { pid, offset } = await left(desk);
    const ahead = offset.replace(/\d+$/, seq => String(Number(seq) + 1000));
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid, offset: ahead });
    await raw.text(text => text.startsWith('42["presence_snapshot"'));
    expect(raw.session.pid).not.toBe(pid);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('ahead')]);
  });

  test('with an offset of another epoch', async () => {
    const { pid, offset } = await left(desk);
    const foreign = `another${offset.slice(offset.lastIndexOf('-'))}`;
    const raw = await RawWebSocket.open(server, { token: desk.accessToken, pid, offset: foreign });
    await raw.text(text => text.startsWith('42["presence_snapshot"'));
    expect(raw.session.pid).not.toBe(pid);
    expect(raw.events[0]).toStrictEqual(['resync_required', required('epoch')]);
  });

  test('with another role than before, and none of what the old one saw', async () => {
    const mila = await server.hire('manager', 'Mila Role');
    const connection = await mila.connect(webSocket);
    await orders.fence(connection);
    connection.forget();
    const hidden = await orders.take({ technician: jelena });
    await connection.away(async () => {
      await manager.change(hidden.id, { cost_total: '12.34' });
      await admin.write('PATCH', `/api/users/${mila.id}`, { role: 'technician' });
    });
    expect(connection.recovered).toBe(false);
    expect(await connection.event('resync_required')).toStrictEqual(required('role'));
    await orders.fence(connection);
    expect(JSON.stringify(connection.received)).not.toContain('12.34');
    expect(connection.all('work_order_updated').map(event => event.workOrderId)).not.toContain(hidden.id);
  });

  test('after the user was disabled: refused', async () => {
    const dora = await server.hire('technician', 'Dora Disabled');
    const { pid, offset } = await left(dora);
    await admin.write('PATCH', `/api/users/${dora.id}`, { is_active: false });
    const raw = await RawWebSocket.open(server, { token: dora.accessToken, pid, offset });
    expect((await trace(raw)).map(text => text.slice(0, 3))).toEqual(['44{']);
  });
});

describe('beyond what is replayed', () => {
  const limit = 40;
  const settings = { SHOPBELL__LIMITS__REPLAY_EVENTS: String(limit) };

  /** Brings back a client that missed so many rows. */
  async function missing(rows: number): Promise<{ connection: Connection; seqs: number[] }> {
    const small = await startServer({ settings });
    try {
      const [boss, clerk] = [await small.as('manager'), await small.as('desk')];
      const [order] = await boss.orders('&status=intake');
      const connection = await clerk.connect(webSocket);
      const { seq: start } = await connection.event('notification_count_updated');
      const seqs: number[] = [];
      await connection.away(async () => {
        while (seqs.length < rows) {
          seqs.push((await boss.change(order!.id, { description: `Missed ${seqs.length}` })).seq);
        }
      });
      expect(seqs.at(-1)! - start).toBe(rows);
      const live = (await boss.change(order!.id, { description: 'Live again' })).seq;
      await connection.event('work_order_updated', event => event.seq === live);
      seqs.push(live);
      return { connection, seqs };
    } finally {
      await small.discard();
    }
  }

  test('exactly as many rows as the limit are recovered and complete', async () => {
    const { connection, seqs } = await missing(limit);
    expect(connection.recovered).toBe(true);
    expect(connection.seqs()).toEqual(seqs);
  });

  test('one more is a fresh session and `resync_required` too_old, with where to go on', async () => {
    const { connection, seqs } = await missing(limit + 1);
    expect(connection.recovered).toBe(false);
    const resync = await connection.event('resync_required');
    expect(resync).toStrictEqual(required('too_old'));
    expect(resync.seq).toBe(seqs.at(-2));
    expect(connection.seqs()).toEqual([seqs.at(-1)]);
  });
});

describe('an older backup under running clients: a new epoch', () => {
  test('makes them read anew, live from then on, and never stall', async () => {
    const connection = await desk.connect(webSocket);
    const quiet = await tarik.connect(webSocket);
    await orders.fence(connection, quiet);
    const epochOf = async (): Promise<string | null> =>
      (await desk.get('/api/work-orders?limit=1')).headers.get('shop-epoch');
    const before = await epochOf();
    const closed = Promise.all([connection.closed(), quiet.closed()]);
    await server.end('SIGKILL');
    await closed;
    await server.start('--new-epoch');
    for (const each of [connection, quiet]) {
      await each.reopened();
      expect(each.recovered).toBe(false);
      expect(await each.event('resync_required')).toStrictEqual(required('epoch'));
    }
    expect(await epochOf()).not.toBe(before);
    await orders.fence(connection, quiet);
    const after = await epochOf();
    await connection.away(async () => void (await orders.fence(quiet)));
    expect(connection.recovered).toBe(true);
    // It stays when the program is started without the flag.
    await server.end('SIGKILL');
    await server.start();
    expect(await epochOf()).toBe(after);
    await quiet.reopened();
    await orders.fence(quiet);
  });
});
