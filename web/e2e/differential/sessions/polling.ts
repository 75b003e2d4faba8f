// Long polling: bodies, batches, and requests that get in each other's way. A GET waits at the server once a POST behind it
// is answered: hence the pongs, which mean nothing.
import { maxPayload } from '../reference.ts';
import type { Session } from '../session.ts';
import { engine, fence } from '../wire.ts';

const bodies: readonly (readonly [string, string | Uint8Array, Record<string, string>?])[] = [
  ['an empty body', ''],
  ['a body of a separator alone', '\x1e'],
  ['a separator at the end', '42["echo",1]\x1e'],
  ['a separator at the start', '\x1e42["echo",1]'],
  ['two separators in a row', '42["echo",1]\x1e\x1e42["echo",2]'],
  ['a batch', '42["echo",1]\x1e42["echo",2]\x1e42["echo",3]'],
  ['a batch with something malformed in it', '42["echo",1]\x1eabc\x1e42["echo",3]'],
  ['a batch with a broken event in it', '42["echo",1]\x1e42{}\x1e42["echo",3]'],
  ['a batch that ends in a close', '42["echo",1]\x1e1'],
  ['a batch with a close in it', '1\x1e42["echo",1]'],
  ['a binary event', '451-["echo",{"_placeholder":true,"num":0}]\x1ebAQID'],
  ['a binary event of nothing', '451-["echo",{"_placeholder":true,"num":0}]\x1eb'],
  ['base64 that is none', '451-["echo",{"_placeholder":true,"num":0}]\x1eb%%%'],
  ['base64 without its padding', '451-["echo",{"_placeholder":true,"num":0}]\x1ebAQ'],
  ['base64 for the web', '451-["echo",{"_placeholder":true,"num":0}]\x1eb-_-_'],
  ['base64 on two lines', '451-["echo",{"_placeholder":true,"num":0}]\x1ebAQ\nID'],
  ['bytes that nobody waits for', 'bAQID'],
  ['as long as may be', `42["echo","${'x'.repeat(maxPayload - 11)}"]`.slice(0, maxPayload - 2) + '"]'],
  ['one byte too long', 'x'.repeat(maxPayload + 1)],
  ['ten times too long', 'x'.repeat(maxPayload * 10)],
  ['bytes that are no UTF-8', new Uint8Array([0x34, 0x32, 0xff, 0xfe])],
  ['two-byte letters up to the limit', `42["echo","${'ä'.repeat((maxPayload - 14) / 2)}"]`],
  ['two-byte letters past the limit', `42["echo","${'ä'.repeat(maxPayload / 2)}"]`],
  ['a body said to be bytes', '42["echo",1]', { 'content-type': 'application/octet-stream' }],
  ['a body said to be a form', 'd=42["echo",1]', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a body of no kind', '42["echo",1]', { 'content-type': '' }],
];

export const pollings: Session[] = [
  ...bodies.map(([name, body, headers]): Session => ({
    name: `a POST of ${name}`,
    run: async wire => {
      const polling = await wire.polling('40');
      await polling.post(body, headers);
      polling.isBrief = true;
      wire.note('session', (await fence(polling)) ? 'goes on' : 'is over');
    },
  })),
  ...bodies.slice(0, 13).map(([name, body]): Session => ({
    name: `a POST of ${name} while a GET waits`,
    run: async wire => {
      const polling = await wire.polling('40');
      const waiting = polling.get();
      await polling.post(body);
      polling.isBrief = true;
      await waiting;
      wire.note('session', (await fence(polling)) ? 'goes on' : 'is over');
    },
  })),
  {
    name: 'events that wait for a GET come in one',
    run: async wire => {
      const polling = await wire.polling('40');
      await polling.send('42["join","desk"]');
      await polling.until(packet => packet.includes('joined'));
      const other = await wire.webSocket('40');
      await other.send(
        '42["to","desk",1]',
        '42["to","desk",{"a":[2]}]',
        '42["to","desk",null]',
        '42["in","desk",4]',
      );
      await fence(other);
      await wire.ask({ target: polling.target });
    },
  },
  {
    name: 'a second GET while one waits',
    run: async wire => {
      const polling = await wire.polling('40');
      const first = wire.ask({ target: polling.target });
      await polling.post('3');
      const second = wire.ask({ target: polling.target });
      await Promise.all([first, second]);
      await polling.get();
    },
  },
  {
    name: 'a GET that is broken off',
    run: async wire => {
      const watcher = await wire.webSocket('40');
      await watcher.send('42["join","a GET"]');
      await watcher.until(packet => packet.includes('joined'));
      const polling = await wire.polling('40{"tell":"a GET"}');
      const abort = new AbortController();
      const waiting = polling.get(abort.signal);
      await wire.request({ method: 'POST', target: polling.target, body: '3' });
      abort.abort();
      await waiting;
      await watcher.until(packet => packet.includes('gone'));
      await polling.get();
    },
  },
  {
    name: 'a POST that is broken off',
    run: async wire => {
      const watcher = await wire.webSocket('40');
      await watcher.send('42["join","a POST"]');
      await watcher.until(packet => packet.includes('joined'));
      const polling = await wire.polling('40{"tell":"a POST"}');
      const broken = await wire.webSocket(undefined, {
        method: 'POST',
        query: `EIO=4&transport=polling&sid=${polling.sid}`,
        // The answer to this says that the server waits for the body.
        headers: { connection: 'close', upgrade: undefined, 'content-length': '100', expect: '100-continue' },
      });
      broken.destroy();
      await watcher.until(packet => packet.includes('gone'));
      await polling.get();
    },
  },
  {
    name: 'a close while a GET waits',
    run: async wire => {
      const polling = await wire.polling('40');
      const waiting = polling.get();
      await polling.post('3');
      await polling.post('1');
      await waiting;
      await polling.get();
      await polling.post('42["echo",1]');
    },
  },
  {
    name: 'a close while nothing waits',
    run: async wire => {
      const polling = await wire.polling('40');
      await polling.post('1');
      await polling.get();
    },
  },
  {
    name: 'two sessions on one connection',
    run: async wire => {
      const one = await wire.polling('40{"n":1}');
      const other = await wire.polling('40{"n":2}');
      await one.send('42["echo",1]');
      await other.send('42["echo",2]');
      await fence(one);
      await fence(other);
    },
  },
  {
    name: 'a GET of another session by its id in capitals',
    run: async wire => {
      const polling = await wire.polling('40');
      await wire.ask({ target: engine(`EIO=4&transport=polling&sid=${polling.sid}x`) });
      await fence(polling);
    },
  },
  {
    name: 'a session without its version',
    run: async wire => {
      const polling = await wire.polling('40');
      await wire.ask({
        target: engine(`transport=polling&sid=${polling.sid}`),
        method: 'POST',
        body: '42["echo",1]',
      });
      await fence(polling);
    },
  },
];
