// Packets of every kind, each followed by a look at what has become of the session.
import { overBoth, type Session } from '../session.ts';
import { fence } from '../wire.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const hole = (num: unknown): string => `{"_placeholder":true,"num":${JSON.stringify(num)}}`;
const bytes = new Uint8Array([1, 2, 255]);

type Packets = readonly (string | Uint8Array)[];

/** Sent by a client that is connected to `/`. */
const connected: readonly (readonly [string, ...Packets])[] = [
  // Engine.IO
  ['nothing', ''],
  ['text without a type', 'abc'],
  ['an OPEN', '0'],
  ['an OPEN with data', '0{"sid":"x"}'],
  ['a ping', '2'],
  ['a probe', '2probe'],
  ['a pong that nobody asked for', '3'],
  ['a pong with data', '3hello'],
  ['an upgrade', '5'],
  ['a NOOP', '6'],
  ['a NOOP with data', '6x'],
  ['a type that there is not', '7'],
  ['a close', '1'],
  ['a close with data', '1x'],
  ['a message of nothing', '4'],
  // Socket.IO
  ['an unknown type', '47'],
  ['letters', '4abc'],
  ['an event', '42["echo"]'],
  ['an event with arguments', '42["echo",null,true,1.5,"ä",[],{"a":{}}]'],
  ['an event without data', '42'],
  ['an event that is an object', '42{}'],
  ['an event that is a string', '42"echo"'],
  ['an event of an empty list', '42[]'],
  ['an event named by null', '42[null]'],
  ['an event named by an object', '42[{}]'],
  ['an event named by a number', '42[1,2]'],
  ['an event named by a fraction', '42[1.5]'],
  ['an event named by a boolean', '42[true]'],
  ['an event named by a list', '42[["echo"]]'],
  ['an event of no name', '42[""]'],
  ['an event that nobody knows', '42["unknown",1]'],
  ['an event named as a property of every object', '42["__proto__",1]'],
  ['broken JSON', '42["echo",'],
  ['JSON with a rest', '42["echo"]x'],
  ['JSON with white space', '42 [ "echo" ,\t1 ,\n2 ] '],
  ['JSON with a comma too many', '42["echo",1,]'],
  ['JSON with NaN', '42["echo",NaN]'],
  ['JSON with single quotes', "42['echo']"],
  ['JSON with a raw line feed in a string', '42["echo","a\nb"]'],
  ['JSON with a NUL in a string', '42["echo","a\\u0000b"]'],
  ['JSON with a raw delete in a string', '42["echo","a\x7fb"]'],
  ['JSON with a line separator', '42["echo","a\u2028b"]'],
  ['JSON with an emoji in escapes', '42["echo","\\ud83d\\ude00"]'],
  ['JSON with a lone surrogate', '42["echo","\\ud800"]'],
  ['JSON with a lone low surrogate', '42["echo","a\\udc00b"]'],
  ['JSON with surrogates the wrong way round', '42["echo","\\ude00\\ud83d"]'],
  ['JSON with a byte order mark', '42\ufeff["echo"]'],
  ['JSON with a wrong escape', '42["echo","\\x41"]'],
  ['JSON with escaped slashes', '42["echo","\\/\\b\\f\\n\\r\\t\\"\\\\"]'],
  ['numbers of all kinds', '42["echo",0,-0,1e3,1E-7,12345678901234567890,0.1,-1.5e300]'],
  ['numbers as large as JavaScript counts', '42["echo",9007199254740991,9007199254740993,-9007199254740993]'],
  ['a number that is too big', '42["echo",1e400]'],
  ['a number that is too small', '42["echo",1e-400]'],
  ['numbers with a zero in front', '42["echo",01]'],
  ['a number with a plus', '42["echo",+1]'],
  ['a number without digits behind its point', '42["echo",1.]'],
  [
    'numbers that are written otherwise',
    '42["echo",1.0,100e-2,1e21,1e20,123456789012345680000,5e-7,1.7976931348623157e308]',
  ],
  ['the same key twice', '42["echo",{"a":1,"a":2}]'],
  ['keys out of order', '42["echo",{"b":1,"a":2,"10":3,"2":4}]'],
  ['a key that is a property of every object', '42["echo",{"__proto__":{"x":1}}]'],
  ['JSON nested 31 deep', `42["echo",${nested(31)}]`],
  ['JSON nested 32 deep', `42["echo",${nested(32)}]`],
  ['JSON nested 2,000 deep', `42["echo",${nested(2_000)}]`],
  ...[
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
    'error',
  ].map(name => [`the reserved event ${name}`, `42["${name}",1]`] as const),
  // Acknowledgements
  ['an event with an id', '421["echo"]'],
  ['an event with arguments and an id', '4212["echo",{"a":[1]},"b"]'],
  ['an id of zero', '420["echo",1]'],
  ['an id with zeros in front', '42007["echo",1]'],
  ['the largest id', '429007199254740991["echo",1]'],
  ['an id past what JavaScript counts', '429007199254740993["echo",1]'],
  ['an id of 40 digits', `42${'9'.repeat(40)}["echo",1]`],
  ['an id of 400 digits', `42${'9'.repeat(400)}["echo",1]`],
  ['a negative id', '42-1["echo",1]'],
  ['an id of letters', '42abc["echo",1]'],
  ['an id in another script', '42١["echo",1]'],
  ['the same id twice', '425["echo",1]', '425["echo",2]'],
  ['an id on an event that nobody acknowledges', '428["unknown",1]'],
  ['an acknowledgement that nobody waits for', '437[1]'],
  ['an acknowledgement without an id', '43[1]'],
  ['an acknowledgement without data', '431'],
  ['an acknowledgement that is an object', '431{}'],
  ['a binary acknowledgement that nobody waits for', `461-3[${hole(0)}]`, bytes],
  // CONNECT and DISCONNECT
  ['a second CONNECT', '40'],
  ['a second CONNECT with data', '40{"a":1}'],
  ['a CONNECT to the root by its name', '40/,'],
  ['a CONNECT with rubbish', '40abc'],
  ['a CONNECT with a list', '40/custom,[]'],
  ['a CONNECT with a string', '40/custom,"token"'],
  ['a CONNECT with a number', '40/custom,1'],
  ['a CONNECT with null', '40/custom,null'],
  ['a CONNECT with an id', '40/custom,1{}'],
  ['a CONNECT to another namespace', '40/custom,'],
  ['a CONNECT to another namespace with data', '40/custom,{"b":{"c":null}}'],
  ['a CONNECT without its comma', '40/custom'],
  ['a CONNECT without its comma but with data', '40/custom{"b":1}'],
  ['a CONNECT to a namespace that refuses', '40/refusing,{"a":1}'],
  ['a CONNECT to no namespace', '40/random,'],
  ['a CONNECT to no namespace with data', '40/random,{"a":1}'],
  ['a CONNECT to a namespace without its slash', '40custom,'],
  ['a CONNECT to a namespace with a query', '40/custom?a=b,'],
  ['a CONNECT to a namespace with a query and data', '40/custom?token=x&b,{"c":1}'],
  ['a CONNECT to the root with a query', '40/?a=b,'],
  ['a CONNECT to no namespace with a query', '40/random?a=b,'],
  ['a CONNECT to a namespace in capitals', '40/Custom,'],
  ['a CONNECT to a namespace and more', '40/custom/,'],
  ['a CONNECT to a namespace named as a property of every object', '40/__proto__,'],
  ['a CONNECT to a namespace of many letters', `40/${'n'.repeat(300)},`],
  ['two CONNECTs to another namespace', '40/custom,', '40/custom,'],
  ['an event for another namespace', '40/custom,', '42/custom,7["echo",1]', '42["echo",2]'],
  ['an event for a namespace with a query', '40/custom,', '42/custom?a=b,["echo",1]'],
  ['an event for a namespace that was not connected', '42/custom,["echo",1]'],
  ['an event for no namespace', '42/random,["echo",1]'],
  ['an event for a namespace without its comma', '40/custom,', '42/custom["echo",1]'],
  ['an event for the root by its name', '42/,["echo",1]'],
  ['an acknowledgement for a namespace that was not connected', '43/custom,1[]'],
  ['a DISCONNECT', '41'],
  ['a DISCONNECT with data', '41{}'],
  ['a DISCONNECT with rubbish', '41abc'],
  ['a DISCONNECT of a namespace that was not connected', '41/custom,'],
  ['a DISCONNECT of no namespace', '41/random,'],
  ['a DISCONNECT of another namespace', '40/custom,', '41/custom,', '42["echo",1]'],
  ['a DISCONNECT without its comma', '40/custom,', '41/custom', '42["echo",1]'],
  ['a DISCONNECT of the first of two namespaces', '40/custom,', '41', '42/custom,["echo",1]'],
  ['an event after a DISCONNECT', '41', '42["echo",1]'],
  ['a second DISCONNECT', '41', '41'],
  ['a CONNECT after a DISCONNECT', '41', '40{"again":1}'],
  ['an event after a DISCONNECT of another namespace', '40/custom,', '41/custom,', '42/custom,["echo",1]'],
  ['a CONNECT_ERROR', '44'],
  ['a CONNECT_ERROR with data', '44{"message":"no"}'],
  ['a CONNECT_ERROR with a string', '44"no"'],
  ['a CONNECT_ERROR for another namespace', '44/custom,{"message":"no"}'],
  // Binary
  ['bytes in an event', `451-["echo",${hole(0)}]`, bytes],
  ['bytes and an id', `451-9["echo",${hole(0)}]`, bytes],
  ['no bytes at all', `451-["echo",${hole(0)}]`, new Uint8Array()],
  ['bytes twice', `452-["echo",{"a":${hole(0)}},[${hole(1)}]]`, bytes, new Uint8Array([7])],
  ['bytes the other way round', `452-["echo",${hole(1)},${hole(0)}]`, bytes, new Uint8Array([7])],
  ['the same bytes in two places', `451-["echo",${hole(0)},${hole(0)}]`, bytes],
  ['bytes that are not used', '451-["echo",1]', bytes],
  ['bytes in another namespace', '40/custom,', `451-/custom,4["echo",${hole(0)}]`, bytes],
  ['bytes for a namespace that was not connected', `451-/custom,["echo",${hole(0)}]`, bytes],
  ['bytes for the unknown event', `451-["unknown",${hole(0)}]`, bytes],
  ['bytes for a reserved event', `451-["disconnect",${hole(0)}]`, bytes],
  ['a name made of bytes', `451-[${hole(0)}]`, bytes],
  ['a placeholder without its attachment', `451-["echo",${hole(1)}]`, bytes],
  ['a placeholder below zero', `451-["echo",${hole(-1)}]`, bytes],
  ['a placeholder of a fraction', `451-["echo",${hole(0.5)}]`, bytes],
  ['a placeholder of a string', `451-["echo",${hole('0')}]`, bytes],
  ['a placeholder of no number', '451-["echo",{"_placeholder":true}]', bytes],
  ['a placeholder that is not true', '451-["echo",{"_placeholder":1,"num":0}]', bytes],
  ['a placeholder where there are no bytes', `42["echo",${hole(0)}]`],
  ['a binary event of no attachments', '450-["echo",1]'],
  ['a binary event of no attachments but a placeholder', `450-["echo",${hole(0)}]`],
  ['a binary event without a count', '45["echo",1]'],
  ['a binary event without a dash', '451["echo",1]'],
  ['a binary event of minus one attachment', '45-1-["echo"]'],
  ['a binary event of one and a half attachments', '451.5-["echo"]'],
  ['a binary event of attachments in letters', '45x-["echo"]'],
  ['a binary event of attachments with zeros in front', `4501-["echo",${hole(0)}]`, bytes],
  [
    'ten attachments',
    `4510-["echo",${Array.from({ length: 10 }, (_, i) => hole(i)).join()}]`,
    ...Array.from({ length: 10 }, () => bytes),
  ],
  ['eleven attachments', `4511-["echo",${Array.from({ length: 11 }, (_, i) => hole(i)).join()}]`],
  ['attachments beyond all numbers', `45${'9'.repeat(30)}-["echo"]`],
  ['text where bytes are due', `451-["echo",${hole(0)}]`, '42["echo",2]'],
  ['a close where bytes are due', `451-["echo",${hole(0)}]`, '1'],
  ['a pong where bytes are due', `451-["echo",${hole(0)}]`, '3', bytes],
  ['bytes that nobody waits for', bytes],
  ['more bytes than announced', `451-["echo",${hole(0)}]`, bytes, bytes],
];

/** Sent by a client that has not connected to any namespace. */
const unconnected: readonly (readonly [string, ...Packets])[] = [
  ['an event', '42["echo",1]'],
  ['an acknowledgement', '431[]'],
  ['a DISCONNECT', '41'],
  ['a CONNECT_ERROR', '44'],
  ['a binary event', `451-["echo",${hole(0)}]`, bytes],
  ['bytes', bytes],
  ['a pong', '3'],
  ['a CONNECT', '40'],
  ['a CONNECT with data', '40{"token":"abc","n":[1]}'],
  ['a CONNECT with white space', '40 {"a":1} '],
  ['a CONNECT with broken data', '40{"token":'],
  ['a CONNECT with a list', '40[]'],
  ['a CONNECT with null', '40null'],
  ['a CONNECT with a string', '40"token"'],
  ['a CONNECT that is refused', '40{"refuse":true}'],
  ['a CONNECT that is refused, and another', '40{"refuse":true}', '40{"a":1}'],
  ['a CONNECT to another namespace alone', '40/custom,', '42/custom,["echo",1]'],
  ['a CONNECT to no namespace, and one to the root', '40/random,', '40'],
  ['a CONNECT nested 40 deep', `40{"a":${nested(40)}}`],
  ['two namespaces at once', '40', '40/custom,{"a":1}'],
  ['a close', '1'],
];

/** Sent all at once. */
const hurried: typeof unconnected = [
  ['an event behind the CONNECT', '40', '42["echo",1]'],
  ['an event behind a CONNECT that is refused', '40{"refuse":true}', '42["echo",1]'],
  ['a DISCONNECT behind the CONNECT', '40', '41'],
  ['two CONNECTs', '40{"a":1}', '40{"a":2}'],
  ['two namespaces', '40', '40/custom,{"a":1}'],
];

/** Each packet is dealt with before the next one comes, unless that belongs to it or `isAtOnce`. */
function sessions(kind: string, table: typeof connected, connect?: string, isAtOnce = false): Session[] {
  return table.flatMap(([name, ...sent]) =>
    overBoth(`${name} ${kind}`, async (wire, transport) => {
      const line = await wire.line(transport, connect);
      line.isBrief = true;
      let goesOn = true;
      let together: (string | Uint8Array)[] = [];
      for (const [at, packet] of sent.entries()) {
        together.push(packet);
        const isUnfinished = typeof packet !== 'string' || packet.startsWith('45');
        if (at + 1 < sent.length && (isAtOnce || isUnfinished)) continue;
        await line.send(...together);
        goesOn = await fence(line);
        if (!goesOn) break;
        together = [];
      }
      wire.note('session', goesOn ? 'goes on' : 'is over');
    }),
  );
}

/** How a session ends: the tables above ask only whether it does. */
const endings: readonly (readonly [string, string | Uint8Array])[] = [
  ['no packet', 'abc'],
  ['no event', '42{}'],
  ['bytes out of place', bytes],
  ['nothing for a namespace that is not connected', '41/custom,'],
];

export const packetSessions: Session[] = [
  ...endings.flatMap(([name, packet]) =>
    overBoth(`the end after ${name}`, async (wire, transport) => {
      const line = await wire.line(transport, '40');
      await line.send(packet);
      await line.until(() => false);
    }),
  ),
  ...sessions('from a connected client', connected, '40'),
  ...sessions('from a client that is not connected', unconnected),
  ...sessions('from a client that does not wait', hurried, undefined, true),
];
