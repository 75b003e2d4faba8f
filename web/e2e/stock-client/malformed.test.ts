// "A malformed packet, event or body of any kind closes at most its own connection and never the process."
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { type Frame, RawWebSocket } from '../rawWebSocket.ts';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
let witness: Connection;
let pid: number;

beforeAll(async () => {
  witness = await desk.connect();
  pid = server.pid;
});

/** After every one of these tests the process and another connection go on as if nothing had been. */
afterEach(async () => {
  expect(server.isRunning).toBe(true);
  expect(server.pid).toBe(pid);
  expect(witness.socket.connected).toBe(true);
  await orders.fence(witness);
  expect(server.log).not.toMatch(/panicked/);
});

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const big = 'x'.repeat(70_000);

describe('a malformed packet closes its own connection', () => {
  const packets: readonly [string, string][] = [
    ['an unknown Engine.IO type', '9'],
    ['text without a type', 'abc'],
    ['an empty frame', ''],
    ['an unknown Socket.IO type', '4abc'],
    ['a message of nothing', '4'],
    ['an event that is no list', '42{}'],
    ['an event of an empty list', '42[]'],
    ['an event whose name is a number', '42[1]'],
    ['an event whose name is an object', '42[{}]'],
    ['an event of broken JSON', '42["join_room",'],
    ['an event with rubbish after it', '42["join_room"]]'],
    ['rubbish before the list', '42abc["join_room"]'],
    ['an acknowledgement id beyond all numbers', `42${'9'.repeat(40)}["join_room"]`],
    ['a binary event with too many attachments', `45999-["join_room",{"_placeholder":true,"num":0}]`],
    ['a binary event of minus one attachment', '45-1-["join_room"]'],
    ['JSON nested 40 deep', `42["join_room",${nested(40)}]`],
    ['JSON nested 20,000 deep', `42["join_room",${nested(20_000)}]`],
    ['JSON with a lone surrogate', '42["join_room","\\ud800"]x'],
    ['a CONNECT in the middle of the session with rubbish', '40abc'],
  ];

  test.each(packets)('%s', async (_name, payload) => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.send({ payload });
    await raw.closed;
  });

  test('a text packet where an attachment is due', async () => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.send({ payload: '451-["join_room",{"_placeholder":true,"num":0}]' });
    raw.send({ payload: '42["join_room","work_order_1"]' });
    await raw.closed;
  });

  test('an attachment where none is due', async () => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.send({ opcode: 2, payload: 'bytes' });
    await raw.closed;
  });

  test('anything before CONNECT', async () => {
    const raw = await RawWebSocket.open(server);
    raw.send({ payload: '42["join_room","work_order_1"]' });
    await raw.closed;
  });
});

describe('a malformed frame closes its own connection', () => {
  const frames: readonly [string, Frame, number?][] = [
    ['that is not masked', { payload: '2', masked: false }, 1002],
    ['of a reserved opcode', { opcode: 3 }, 1002],
    ['of a reserved control opcode', { opcode: 11 }, 1002],
    ['with a reserved bit', { payload: '2', reserved: 4 }, 1002],
    ['of text that is no UTF-8', { payload: new Uint8Array([0x34, 0x32, 0xc3, 0x28]) }, 1007],
    ['that pings with more than 125 bytes', { opcode: 9, payload: 'p'.repeat(126) }, 1002],
    ['that pings in pieces', { opcode: 9, fin: false }, 1002],
    ['that continues nothing', { opcode: 0, payload: 'x' }, 1002],
    ['one byte past 64 KiB', { payload: `4${'x'.repeat(65_536)}` }, 1009],
    ['that claims a gigabyte', { claimedLength: 1n << 30n }, 1009],
    ['that claims more than there are bytes in the world', { claimedLength: (1n << 63n) - 1n }, 1009],
    ['that closes with one byte', { opcode: 8, payload: 'x' }, 1002],
    [
      'that closes with a code that may not be sent',
      { opcode: 8, payload: new Uint8Array([0x03, 0xed]) },
      1002,
    ],
  ];

  test.each(frames)('%s', async (_name, frame, code) => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.send(frame);
    // The close code is a courtesy; where the server sends one, it is the one of the RFC.
    expect(await raw.closed).toBeOneOf([code, undefined]);
  });

  test('random bytes after the handshake', async () => {
    const raw = await RawWebSocket.open(server);
    raw.bytes(Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(50)));
    await raw.closed;
  });

  test('half a frame and then silence for ever is gone with its client', async () => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.bytes(Buffer.from([0x81, 0xfe, 0x10]));
    raw.destroy();
    await raw.closed;
  });
});

describe('a malformed event is refused, and its connection goes on', () => {
  const payloads: readonly unknown[] = [
    null,
    0,
    -1.5,
    '',
    true,
    [],
    {},
    [[]],
    { room: {} },
    'x'.repeat(10_000),
  ];

  test.each(['join_room', 'leave_room'])('%s with every wrong payload', async name => {
    const connection = await manager.connect();
    for (const payload of payloads) {
      const ack = await connection.ask(name, payload);
      expect(ack).toStrictEqual({
        ok: false,
        code: typeof payload === 'string' ? 'bad_room' : 'invalid_payload',
        message: expect.any(String),
      });
    }
    expect(connection.socket.connected).toBe(true);
  });

  test.each(['made_up', 'message', 'work_order_updated', 'ping', 'toString', '__proto__', 'x'.repeat(5_000)])(
    'the unknown event %s, with and without an acknowledgement',
    async name => {
      const connection = await manager.connect();
      expect(await connection.ask(name, { any: 'thing' })).toMatchObject({
        ok: false,
        code: 'unknown_event',
      });
      connection.tell(name);
      expect(await connection.event('event_error')).toMatchObject({ code: 'unknown_event' });
      expect(connection.socket.connected).toBe(true);
    },
  );

  test.each(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])(
    'the reserved name %s ends at most its own connection',
    async name => {
      const raw = await RawWebSocket.open(server, manager.accessToken);
      raw.send({ payload: `42${JSON.stringify([name, {}])}` });
      raw.send({ payload: '427["leave_room","kitchen"]' });
      const outcome = await Promise.race([
        raw.closed.then(() => 'closed'),
        raw.text(text => text.startsWith('437')),
      ]);
      expect(outcome).toMatch(/^(closed|437)/);
      raw.destroy();
    },
  );

  test('a well-formed binary event ends at most its own connection', async () => {
    const connection = await manager.connect({ reconnection: false });
    const outcome = await Promise.race([
      connection.closed(),
      connection.ask('join_room', Buffer.from('work_order_1')).catch(() => 'closed'),
    ]);
    expect(outcome).toBeOneOf([
      expect.stringMatching(/close/),
      'transport error',
      expect.objectContaining({ ok: false }),
    ]);
  });

  test('an acknowledgement that nobody asked for is ignored', async () => {
    const raw = await RawWebSocket.open(server, manager.accessToken);
    raw.send({ payload: '4399[{"ok":true}]' });
    raw.send({ payload: '427["leave_room","kitchen"]' });
    expect(await raw.text(text => text.startsWith('437'))).toContain('bad_room');
    raw.destroy();
  });
});

describe('over polling', () => {
  const path = '/socket.io/?EIO=4&transport=polling';
  const engineError = (code: number): object => ({ code, message: expect.any(String) });

  async function session(): Promise<string> {
    const { body } = await request<unknown>('GET', server.url + path);
    return (JSON.parse(String(body).slice(1)) as { sid: string }).sid;
  }

  test.each([
    ['an unknown transport', 'EIO=4&transport=pigeon', 0],
    ['no transport', 'EIO=4', 0],
    ['an unknown session', 'EIO=4&transport=polling&sid=abc', 1],
    ['another protocol version', 'EIO=3&transport=polling', 5],
    ['no protocol version', 'transport=polling', 5],
  ])('%s is 400 with an Engine.IO error', async (_name, query, code) => {
    const answer = await request('GET', `${server.url}/socket.io/?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toStrictEqual(engineError(code));
  });

  test.each([['POST'], ['PUT'], ['DELETE']])('%s without a session is 400', async method => {
    const answer = await request(method, server.url + path, { raw: '40' });
    expect(answer.status).toBe(400);
  });

  test.each([
    ['rubbish', 'abc'],
    ['an empty packet', '\x1e'],
    ['broken base64', 'b*****'],
    ['a broken packet after a good one', '40{}\x1e42{'],
  ])('a body of %s is 400 and its session is gone', async (_name, raw) => {
    const sid = await session();
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await request('POST', `${server.url}${path}&sid=${sid}`, { raw, headers });
    expect(answer.status).toBe(400);
    expect((await request('GET', `${server.url}${path}&sid=${sid}`)).status).toBe(400);
  });

  test('a body past 64 KiB is 413', async () => {
    const sid = await session();
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await request('POST', `${server.url}${path}&sid=${sid}`, { raw: `4${big}`, headers });
    expect(answer.status).toBe(413);
  });
});

describe('a malformed body', () => {
  const patch = (raw: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    manager.call('PATCH', '/api/work-orders/1', { raw, headers });

  test.each([
    ['nothing', ''],
    ['half an object', '{"description":'],
    ['rubbish', 'description=x'],
    ['a trailing comma', '{"description":"x",}'],
    ['two objects', '{}{}'],
    ['a number beyond all numbers', '{"technician_id":1e999}'],
    ['an id beyond all ids', '{"technician_id":99999999999999999999999}'],
    ['a lone surrogate', '{"description":"\\ud800"}'],
    ['not a number', '{"technician_id":NaN}'],
    ['text that is no UTF-8', new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  ])('of %s is 400 malformed', async (_name, raw) => {
    const answer = await patch(raw);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject(failure('malformed'));
  });

  test.each([40, 5_000, 30_000])('of JSON nested %i deep is 400', async depth => {
    const answer = await patch(`{"description":${nested(depth)}}`);
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBe('malformed');
  });

  test.each(['/api/work-orders/1', '/api/auth/login', '/api/notifications/mark-all-read'])(
    'past 64 KiB is 413 too_large: %s',
    async path => {
      const method = path.endsWith('1') ? 'PATCH' : 'POST';
      const answer = await manager.call(method, path, { body: { description: big } });
      expect(answer.status).toBe(413);
      expect(answer.body).toStrictEqual(failure('too_large'));
    },
  );

  test('with a control character in a text writes it or refuses it, and no more', async () => {
    const order = await orders.take();
    const answer = await manager.patchOrder(order.id, { description: 'a\u0000b' });
    expect(answer.status).toBeOneOf([200, 400]);
  });

  test('never answers with a stack, SQL, a path or a secret', async () => {
    for (const raw of ['{', '{"technician_id":"\'; drop table users; --"}', nested(50)]) {
      const { body } = await patch(raw);
      expect(JSON.stringify(body)).not.toMatch(/sqlite|select |insert |crates\/|src\/|\.rs|panicked/i);
    }
  });
});

describe('bytes that are no HTTP', () => {
  const rubbish: readonly [string, Uint8Array][] = [
    ['noise', Uint8Array.from({ length: 4_000 }, (_, i) => (i * 197 + 31) % 256)],
    ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a bad version', Buffer.from('GET / HTTP/9.9\r\n\r\n')],
    ['a header without end', Buffer.from(`GET / HTTP/1.1\r\nX: ${'y'.repeat(900_000)}`)],
    [
      'two lengths',
      Buffer.from(
        'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}',
      ),
    ],
    [
      'a negative length',
      Buffer.from('POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'),
    ],
  ];

  test.each(rubbish)('%s are answered 4xx or closed', async (_name, bytes) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', chunk => {
      answer += chunk.toString();
    });
    const closed = new Promise(done => socket.once('close', done));
    // The server may have closed before all of it is written.
    socket.end(bytes);
    await closed;
    expect(answer).toMatch(/^(HTTP\/1\.[01] 4\d\d|$)/);
  });
});
