// WebSocket frames, right and wrong, and what ends a WebSocket.
import { maxPayload } from '../reference.ts';
import type { Session } from '../session.ts';
import { Watcher } from '../watcher.ts';
import type { Frame, WebSocket } from '../webSocket.ts';
import { fence } from '../wire.ts';

const event = '42["echo",1]';
const utf8 = (...bytes: number[]): Uint8Array =>
  new Uint8Array([...Buffer.from('42["echo","'), ...bytes, 0x22, 0x5d]);
const close = (code: number, reason: string | Uint8Array = ''): Uint8Array =>
  new Uint8Array([code >> 8, code & 0xff, ...Buffer.from(reason as string)]);
const long = (length: number): string => `42["echo","${'x'.repeat(length - 13)}"]`;

const frames: readonly (readonly [string, ...Frame[]])[] = [
  [
    'a message in three pieces',
    { payload: '42["e', fin: false },
    { opcode: 0, payload: 'cho"', fin: false },
    { opcode: 0, payload: ',1]' },
  ],
  [
    'a message with a ping in its middle',
    { payload: '42["echo"', fin: false },
    { opcode: 9, payload: 'hi' },
    { opcode: 0, payload: ',1]' },
  ],
  [
    'a message with an empty piece',
    { payload: '', fin: false },
    { opcode: 0, payload: '', fin: false },
    { opcode: 0, payload: event },
  ],
  [
    'a letter cut in two',
    { payload: utf8(0xc3).subarray(0, 12), fin: false },
    { opcode: 0, payload: utf8(0xa4).subarray(11) },
  ],
  [
    'bytes in two pieces',
    { payload: '451-["echo",{"_placeholder":true,"num":0}]' },
    { opcode: 2, payload: 'ab', fin: false },
    { opcode: 0, payload: 'cd' },
  ],
  ['a ping', { opcode: 9, payload: 'hello' }],
  ['a ping of nothing', { opcode: 9 }],
  ['a ping of 125 bytes', { opcode: 9, payload: 'p'.repeat(125) }],
  ['a ping of 126 bytes', { opcode: 9, payload: 'p'.repeat(126) }],
  ['a ping in pieces', { opcode: 9, payload: 'p', fin: false }],
  ['two pings', { opcode: 9, payload: '1' }, { opcode: 9, payload: '2' }],
  ['a pong that nobody asked for', { opcode: 10, payload: 'hello' }],
  ['a frame that is not masked', { payload: event, masked: false }],
  ['a frame with the first reserved bit', { payload: event, reserved: 4 }],
  ['a frame with the second reserved bit', { payload: event, reserved: 2 }],
  ['a frame with the third reserved bit', { payload: event, reserved: 1 }],
  ['a ping with a reserved bit', { opcode: 9, reserved: 4 }],
  ['a frame of a reserved opcode', { opcode: 3, payload: event }],
  ['a frame of a reserved control opcode', { opcode: 11 }],
  ['a continuation of nothing', { opcode: 0, payload: event }],
  ['a message within another', { payload: '42', fin: false }, { payload: event }],
  ['text that is no UTF-8', { payload: utf8(0xc3, 0x28) }],
  ['text with an overlong letter', { payload: utf8(0xc0, 0xaf) }],
  ['text with a surrogate', { payload: utf8(0xed, 0xa0, 0x80) }],
  ['text past Unicode', { payload: utf8(0xf4, 0x90, 0x80, 0x80) }],
  ['text that ends within a letter', { payload: new Uint8Array([0x34, 0x32, 0xc3]) }],
  ['a message as long as may be', { payload: long(maxPayload) }],
  ['a message one byte too long', { payload: long(maxPayload + 1) }],
  [
    'a message too long in pieces',
    { payload: long(maxPayload).slice(0, 6_000), fin: false },
    { opcode: 0, payload: 'x'.repeat(6_000) },
  ],
  ['bytes one too many', { opcode: 2, payload: 'x'.repeat(maxPayload + 1) }],
  ['a frame that claims a gigabyte', { claimedLength: 2 ** 30 }],
  ['a frame that claims more than there is', { claimedLength: 2 ** 60 }],
  [
    'two attachments that are too long together',
    { payload: '452-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]' },
    { opcode: 2, payload: 'x'.repeat(6_000) },
    { opcode: 2, payload: 'y'.repeat(6_000) },
  ],
  ['a close without a code', { opcode: 8 }],
  ['a close of 1000', { opcode: 8, payload: close(1000) }],
  ['a close of 1001 with a reason', { opcode: 8, payload: close(1001, 'bye') }],
  ['a close of 4000', { opcode: 8, payload: close(4000) }],
  ['a close of one byte', { opcode: 8, payload: 'x' }],
  ['a close of 999', { opcode: 8, payload: close(999) }],
  ['a close of 1005', { opcode: 8, payload: close(1005) }],
  ['a close of 5000', { opcode: 8, payload: close(5000) }],
  ['a close whose reason is no UTF-8', { opcode: 8, payload: close(1000, new Uint8Array([0xff])) }],
  ['a close of 126 bytes', { opcode: 8, payload: close(1000, 'r'.repeat(124)) }],
  ['an event behind a close', { opcode: 8, payload: close(1000) }, { payload: event }],
];

/** What a client that is watched does, and so how the server calls its end. */
const ends: readonly (readonly [string, (socket: WebSocket) => unknown])[] = [
  ['closes', socket => socket.frame({ opcode: 8, payload: close(1000) })],
  ['is gone without a word', socket => socket.destroy()],
  ['closes its half of the connection', socket => socket.halfClose()],
  ['leaves the namespace', socket => socket.send('41')],
  ['sends something malformed', socket => socket.send('42{}')],
  ['sends no packet', socket => socket.send('abc')],
  ['breaks the rules of WebSocket', socket => socket.frame({ opcode: 3 })],
  ['sends too much', socket => socket.frame({ payload: 'x'.repeat(maxPayload + 1) })],
  ['is dismissed', socket => socket.send('42["dismiss",true]')],
];

export const frameSessions: Session[] = [
  ...frames.map(([name, ...sent]): Session => ({
    name: `${name}, in a WebSocket`,
    run: async wire => {
      const socket = await wire.webSocket('40');
      for (const frame of sent) socket.frame(frame);
      await fence(socket);
    },
  })),
  ...ends.map(([name, act]): Session => ({
    name: `a client on a WebSocket ${name}`,
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const socket = await wire.webSocket(watcher.connect);
      socket.isBrief = true;
      act(socket);
      await watcher.gone();
    },
  })),
];
