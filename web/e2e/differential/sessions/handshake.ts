// How a session begins, and who is refused one.
import { pageOrigin } from '../reference.ts';
import type { Session } from '../session.ts';
import { engine } from '../wire.ts';

const queries: readonly (readonly [string, string])[] = [
  ['of polling', 'EIO=4&transport=polling'],
  ['of polling with base64 asked for', 'EIO=4&transport=polling&b64=1'],
  ['with things that nobody asked for', 't=abc&EIO=4&x=1&transport=polling&y'],
  ['without a query', ''],
  ['without a version', 'transport=polling'],
  ['of version 3', 'EIO=3&transport=polling'],
  ['of version 5', 'EIO=5&transport=polling'],
  ['of version four in words', 'EIO=four&transport=polling'],
  ['without a transport', 'EIO=4'],
  ['of an unknown transport', 'EIO=4&transport=carrier'],
  ['of a transport in capitals', 'EIO=4&transport=POLLING'],
  ['of a transport named as a property of every object', 'EIO=4&transport=constructor'],
  ['of a transport in percent code', 'EIO=4&transport=%70olling'],
  ['of two transports', 'EIO=4&transport=polling&transport=websocket'],
  ['of an unknown session', 'EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA'],
  ['of a session named as a property of every object', 'EIO=4&transport=polling&sid=__proto__'],
  ['of an empty session', 'EIO=4&transport=polling&sid='],
  ['of WebSocket without an upgrade', 'EIO=4&transport=websocket'],
];

const methods = ['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

const openings: readonly (readonly [string, Record<string, string | undefined>])[] = [
  ['as it should be', {}],
  ['with words in other cases', { connection: 'keep-alive, UPGRADE', upgrade: 'WebSocket' }],
  ['of version 8', { 'sec-websocket-version': '8' }],
  ['of version 12', { 'sec-websocket-version': '12' }],
  ['without a version', { 'sec-websocket-version': undefined }],
  ['without a key', { 'sec-websocket-key': undefined }],
  ['with a short key', { 'sec-websocket-key': 'c2hvcnQ=' }],
  ['to something else', { upgrade: 'h2c' }],
  ['with extensions offered', { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' }],
  ['with a subprotocol offered', { 'sec-websocket-protocol': 'chat' }],
  ['from an allowed page', { origin: pageOrigin }],
  ['from another page', { origin: 'http://elsewhere.example' }],
];

export const handshakes: Session[] = [
  ...queries.map(([name, query]): Session => ({
    name: `a handshake ${name}`,
    run: async wire => {
      await wire.ask({ target: engine(query) });
    },
  })),
  ...queries.slice(3).map(([name, query]): Session => ({
    name: `a WebSocket's handshake ${name.replace('of WebSocket without an upgrade', 'that is right')}`,
    run: async wire => {
      const socket = await wire.webSocket(undefined, { query });
      if (socket.isOpen) await socket.until(packet => packet.startsWith('0'));
    },
  })),
  ...openings.map(([name, headers]): Session => ({
    name: `an upgrade ${name}`,
    run: async wire => {
      const socket = await wire.webSocket(undefined, { headers });
      if (socket.isOpen) await socket.until(packet => packet.startsWith('0'));
    },
  })),
  {
    name: 'an upgrade by POST',
    run: async wire => {
      await wire.webSocket(undefined, { method: 'POST' });
    },
  },
  ...methods.map((method): Session => ({
    name: `a handshake by ${method}`,
    run: async wire => {
      await wire.ask({ method, target: engine() });
    },
  })),
  ...methods.slice(2).map((method): Session => ({
    name: `${method} on a session`,
    run: async wire => {
      const polling = await wire.polling('40');
      await wire.ask({ method, target: polling.target });
      await polling.send('42["echo",1]');
      await polling.until(packet => packet.includes('echo'));
    },
  })),
  ...[pageOrigin, 'http://elsewhere.example', 'null'].flatMap((origin): Session[] => [
    {
      name: `a page at ${origin}`,
      run: async wire => {
        await wire.ask({ target: engine(), headers: { origin } });
        await wire.ask({ target: engine('EIO=3&transport=polling'), headers: { origin } });
      },
    },
    {
      name: `a preflight of a page at ${origin}`,
      run: async wire => {
        await wire.ask({
          method: 'OPTIONS',
          target: engine(),
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,x-shop',
          },
        });
      },
    },
  ]),
  {
    name: 'a page that polls',
    run: async wire => {
      const polling = await wire.polling();
      const headers = { origin: pageOrigin };
      await wire.ask({ method: 'POST', target: polling.target, headers, body: '40' });
      await wire.ask({ method: 'POST', target: polling.target, headers, body: '9' });
    },
  },
];
