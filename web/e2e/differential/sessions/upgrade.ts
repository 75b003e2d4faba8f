// From polling to WebSocket, with things in flight and with things that go wrong.
import type { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import type { WebSocket } from '../webSocket.ts';
import { fence, type Wire } from '../wire.ts';

const query = (polling: Polling): { query: string } => ({
  query: `EIO=4&transport=websocket&sid=${polling.sid}`,
});

async function probed(wire: Wire, polling: Polling): Promise<WebSocket> {
  const socket = await wire.webSocket(undefined, query(polling));
  await socket.send('2probe');
  await socket.until(packet => packet === '3probe');
  return socket;
}

async function moved(wire: Wire): Promise<[Polling, WebSocket]> {
  const polling = await wire.polling('40');
  const socket = await probed(wire, polling);
  await socket.send('5');
  await fence(socket);
  return [polling, socket];
}

/** What a WebSocket may say instead of a probe or of the upgrade. */
const wrong: readonly (readonly [string, ...string[]])[] = [
  ['nothing', ''],
  ['a plain ping', '2'],
  ['a wrong probe', '2wrong'],
  ['the answer to a probe', '3probe'],
  ['a message', '42["echo",1]'],
  ['a message after the probe', '2probe', '42["echo",1]'],
  ['rubbish', 'abc'],
  ['rubbish after the probe', '2probe', 'abc'],
  ['the probe twice', '2probe', '2probe'],
];

export const upgrades: Session[] = [
  {
    name: 'an upgrade while a GET waits',
    run: async wire => {
      const polling = await wire.polling('40');
      const waiting = polling.get();
      const socket = await probed(wire, polling);
      await waiting;
      await socket.send('5', '42["echo",1]');
      await socket.until(packet => packet.includes('echo'));
      await polling.get();
      await polling.post('42["echo",2]');
      await fence(socket);
    },
  },
  {
    name: 'an upgrade with events in flight on both sides',
    run: async wire => {
      const polling = await wire.polling('40');
      await polling.send('42["join","upgrading"]');
      await polling.until(packet => packet.includes('joined'));
      const other = await wire.webSocket('40');
      const tell = async (...numbers: number[]): Promise<void> => {
        await other.send(...numbers.map(number => `42["to","upgrading",${number}]`));
        await fence(other);
      };
      await tell(1, 2);
      const socket = await probed(wire, polling);
      await polling.get();
      await tell(3);
      await polling.post('42["echo","by POST"]');
      await socket.send('5', '42["echo","by socket"]');
      await socket.until(packet => packet.includes('by socket'));
      await tell(4, 5);
      await socket.until(packet => packet.includes('"told",5'));
      await socket.send('451-["echo",{"_placeholder":true,"num":0}]', new Uint8Array([1]));
      await fence(socket);
    },
  },
  ...wrong.map(([name, ...sent]): Session => ({
    name: `an upgrade by ${name}`,
    run: async wire => {
      const polling = await wire.polling('40');
      const socket = await wire.webSocket(undefined, query(polling));
      await socket.send(...sent);
      if (sent.includes('2probe')) await socket.until(packet => packet === '3probe');
      else if (sent[0] !== '') await socket.over();
      polling.isBrief = true;
      wire.note('session', (await fence(polling)) ? 'goes on' : 'is over');
    },
  })),
  {
    name: 'an upgrade without a probe',
    run: async wire => {
      const polling = await wire.polling('40');
      const socket = await wire.webSocket(undefined, query(polling));
      await socket.send('5', '42["echo",1]');
      await socket.until(packet => packet.includes('echo'));
    },
  },
  {
    name: 'an upgrade that is broken off before the probe',
    run: async wire => {
      const polling = await wire.polling('40');
      const socket = await wire.webSocket(undefined, query(polling));
      socket.destroy();
      await fence(polling);
      await probed(wire, polling);
    },
  },
  {
    name: 'an upgrade that is broken off after the probe',
    run: async wire => {
      const polling = await wire.polling('40');
      const socket = await probed(wire, polling);
      socket.frame({ opcode: 8 });
      await socket.over();
      await polling.send('42["echo",1]');
      await polling.until(packet => packet.includes('echo'));
    },
  },
  {
    name: 'a second WebSocket while one is probed',
    run: async wire => {
      const polling = await wire.polling('40');
      const first = await probed(wire, polling);
      const second = await wire.webSocket(undefined, query(polling));
      await second.over();
      await first.send('5');
      await fence(first);
    },
  },
  {
    name: 'a WebSocket for a session that has moved',
    run: async wire => {
      const [polling, socket] = await moved(wire);
      const late = await wire.webSocket(undefined, query(polling));
      await late.over();
      await fence(socket);
    },
  },
  {
    name: 'polling after the session has moved',
    run: async wire => {
      const [polling, socket] = await moved(wire);
      await polling.get();
      await polling.post('42["echo",1]');
      await fence(socket);
    },
  },
  {
    name: 'a WebSocket for a session that is over',
    run: async wire => {
      const polling = await wire.polling('40');
      polling.isBrief = true;
      await polling.post('42{}');
      while ((await polling.get())?.status === 200) /* until it is over */ ;
      await wire.webSocket(undefined, query(polling));
    },
  },
];
