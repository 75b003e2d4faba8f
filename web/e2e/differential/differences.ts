// What is deliberately not as in the reference. The same list, in words, is in docs/protocol.md.

export interface Difference {
  readonly because: string;
  /** The sessions in which it occurs: in all of these, and nothing else differs in them. */
  readonly sessions: RegExp;
  /**
   * What it looks like: all lines that only the reference's trace has, and all that only ours has; or that the session is
   * over on one side and goes on on the other, with what follows from that.
   */
  readonly is: 'over with us' | 'over there' | readonly [reference: RegExp, ours: RegExp];
}

/** Sessions by the beginnings of their names. */
const named = (...names: readonly string[]): RegExp => new RegExp(`^(${names.join('|')})`);
const packet = (...names: readonly string[]): RegExp =>
  new RegExp(`^(${names.join('|')}) from a client|^(${names.join('|')}) from a connected client`);

const none = /^$/;
const badRequest = String.raw`POST 400 \| content-type: application/json \| \{"code":3,"message":"Bad request"\}`;

export const differences: readonly Difference[] = [
  {
    because:
      'every refusal says why, in JSON; those of an upgrade and of a body that is too long close the connection',
    sessions: named(
      "a WebSocket's handshake (without a (query|transport)|of an unknown|of a (transport (in capitals|named)|session))",
      'an upgrade (of version 12|without a (version|key)|with a short key|to something else|by POST)',
      '(PUT|DELETE|PATCH) on a session',
      'a POST of (one byte|ten times) too long',
      'a POST of two-byte letters past',
      'a second GET while one waits',
      'a WebSocket for a session that is over',
    ),
    is: [/^.* (400|413|500) .*$/, /^.* (400|413) .*\{"code":\d,"message":"[\w ]+"\}$/],
  },
  {
    because: 'a WebSocket that would be closed at once is refused instead',
    sessions: named(
      "a WebSocket's handshake (without a version|of version|of an empty session|of a transport in percent)",
    ),
    is: [/^.* 101 .*\n.* ← close without a code$/, /^.* 400 .*\{"code":\d,"message":"[\w ]+"\}$/],
  },
  {
    because:
      'a query is taken as it is: the first of two values counts, an empty one is a value, nothing is in percent code',
    sessions: named(
      "a (WebSocket's )?handshake of two transports",
      'a handshake of (a transport in percent|an empty session)',
    ),
    is: [/^.* (101|200|400) .*(\n.*"sid".*)?$/, /^.* (200|400) .*$/],
  },
  {
    because: 'an upgrade must be of version 13, which is the only one that RFC 6455 defines',
    sessions: named('an upgrade of version 8'),
    is: [/^.* 101 .*\n.*"sid".*$/, /^.* 400 .*sec-websocket-version: 13.*\n.* ended$/],
  },
  {
    because: 'a page that is not allowed gets 403, not an answer that its browser keeps from it',
    sessions: named('a (preflight of a )?page at (http://elsewhere|null)', 'an upgrade from another page'),
    is: [/^.* (101|200|204) [^]*$/, /^(.* 403 .*"Forbidden"\}\n?)+$/],
  },
  {
    because: 'a preflight names the methods that there are, and for how long that holds',
    sessions: named(
      'a preflight of a page at http://page.example',
      'a handshake by OPTIONS',
      'OPTIONS on a session',
    ),
    is: [/^.* 204 .*$/, /^.* 204 .*(allow-methods: GET, POST .*max-age: 600|cache-control: no-store).*$/],
  },
  {
    because: 'what belongs to a session needs no version any more',
    sessions: named('a session without its version'),
    is: [/^.* 400 .*$/, /^.*\["echo",1\]\n.* 200 .* ok$/],
  },
  {
    because: 'a body with something malformed in it is answered with 400, not with `ok`',
    sessions: named(
      'a POST of (an empty body|a body of a separator|a separator|two separators|bytes that|a body said to be a form)',
      'a POST of a batch with (something malformed|a broken event)',
      'a page that polls',
    ),
    is: [/^(polling1 ← 1|http2 200 .*| *)$/, new RegExp(`^.*(${badRequest}|http2 400 .*)$`)],
  },
  {
    because: 'base64 is read to the letter',
    sessions: named('a POST of base64'),
    is: 'over with us',
  },
  {
    because: 'the content type of a body does not matter',
    sessions: named('a POST of a body said to be bytes'),
    is: 'over there',
  },
  {
    because:
      'a client that closes while it has no GET there finds a NOOP once, as its GET may have been overtaken',
    sessions: named('a close while nothing waits', 'a POST of a batch .* a close.* while a GET waits'),
    is: [/^polling1 (GET 400 .*|← 6)$/, /^(polling1 ← 6)?$/],
  },
  {
    because: 'what no client sends is malformed, where the reference lets it pass',
    sessions: packet(
      'an OPEN( with data)?',
      '(a pong|a NOOP) with data',
      'an upgrade',
      'an event without data',
      'an event named by a (number|fraction)',
      'an acknowledgement without (an id|data)',
      'a CONNECT with (a number|an id)',
      'a placeholder of a fraction',
      'JSON with a byte order mark',
      'two CONNECTs',
    ),
    is: 'over with us',
  },
  {
    because:
      'numbers have limits: a value that no double holds and an id that JavaScript cannot count are malformed',
    sessions: packet('a number that is too big', 'an id (past what|of \\d+ digits).*'),
    is: 'over with us',
  },
  {
    because: 'JSON nests at most as deep as `max_json_depth`',
    sessions: packet('JSON nested (32|2,000) deep', 'a CONNECT nested 40 deep'),
    is: 'over with us',
  },
  {
    because: 'a packet and its attachments share the limit of a packet',
    sessions: named('two attachments that are too long together'),
    is: [/^.* ← 452-.*\n.*binary.*\n.*binary.*$/, /^.* ← close 1009\n.* ended$/],
  },
  {
    because: 'a close packet closes on a WebSocket too; the reference waits for the time-out',
    sessions: /^a close( with data)? from a (client that is not connected|connected client), over WebSocket$/,
    is: 'over with us',
  },
  {
    because: 'white space is no acknowledgement id',
    sessions: packet('JSON with white space'),
    is: [/^.* ← 430\[1,2\]$/, /^.* ← 42\["echo",1,2\]$/],
  },
  {
    because: 'half a surrogate pair becomes U+FFFD: there is no text in Rust that holds it',
    sessions: packet('JSON with (a lone|surrogates).*'),
    is: [/^.* ← 42\["echo",".*\\u[\da-f]{4}.*"\]$/, /^.* ← 42\["echo",".*\ufffd.*"\]$/],
  },
  {
    because: 'bytes that are passed on stay as they came: each once, by their numbers, used or not',
    sessions: packet(
      'bytes the other way round',
      'the same bytes in two places',
      'bytes that are not used',
      'a placeholder that is not true',
    ),
    is: [/^.* ← (45|42)[^]*$/, /^.* ← 45[^]*$/],
  },
  {
    because: 'a binary event may have no attachments',
    sessions: packet('a binary event of no attachments'),
    is: 'over there',
  },
  {
    because: 'a close frame says that it was for something malformed',
    sessions: /^the end after .*, over WebSocket$/,
    is: [/^.* ← close without a code$/, /^.* ← close 1002$/],
  },
  {
    because:
      'a session that sent something malformed hears of it in the answer to that, and is unknown from then on',
    sessions: /^the end after .*, over polling$/,
    is: [/^(polling1 ← 6\npolling1 ← 1)?$/, new RegExp(`^.*${badRequest}$`)],
  },
  {
    because: 'a close frame says why, and answers a code alone',
    sessions: named(
      'a close (without a code|of 1001 with a reason), in a WebSocket',
      'a second WebSocket while one is probed',
      'a WebSocket for a session that has moved',
    ),
    is: [/^.* ← close (without a code|1001 bye)$/, /^.* ← close (1000|1001)$/],
  },
  {
    because: 'a WebSocket that does not finish its upgrade is dropped without a close frame',
    sessions: named(
      'an upgrade by (?!POST|the probe twice)',
      'an upgrade that is (broken off after|not finished)',
    ),
    is: [/^socket1 ← close without a code$/, none],
  },
  {
    because: 'an upgrade is one probe and then the switch, and nothing else',
    sessions: named('an upgrade (by the probe twice|without a probe)'),
    is: [/^socket1 ← (3probe|42\["echo",1\])$/, /^socket1 ended$/],
  },
  {
    because: 'everything malformed is a parse error to the application',
    sessions: named(
      'a client on (a WebSocket|polling) sends something malformed',
      'a client on a WebSocket (breaks|sends too much)',
    ),
    is: [/^.*\["gone","(forced close|transport error)"\]$/, /^.*\["gone","parse error"\]$/],
  },
  {
    because:
      'a session without a socket is closed: at once when the server sent the last one away, else after the time for CONNECT',
    sessions: named(
      'a socket that is dismissed from its only namespace',
      'a client that has left its namespace',
    ),
    is: 'over with us',
  },
];
