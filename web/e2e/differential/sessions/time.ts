// Heartbeat and time limits, on servers that have little patience.
import { overBoth, type Session } from '../session.ts';
import { Watcher } from '../watcher.ts';
import { fence, type Line } from '../wire.ts';

const isPing = (packet: string): boolean => packet === '2';

/** Answers that many pings. */
async function beat(line: Line, times: number): Promise<boolean> {
  for (let time = 0; time < times; time += 1) {
    if (!(await line.until(isPing))) return false;
    await line.send('3');
  }
  return true;
}

export const timeSessions: Session[] = [
  ...overBoth(
    'a client that answers three pings',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      await beat(line, 3);
      await fence(line);
    },
    true,
  ),
  ...overBoth(
    'a client that answers no ping',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      line.isBrief = true;
      await line.until(() => false);
    },
    true,
  ),
  ...overBoth(
    'a client that answers one ping',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      line.isBrief = true;
      await beat(line, 1);
      await line.until(() => false);
    },
    true,
  ),
  ...overBoth(
    'a client that answers before it is asked',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      line.isBrief = true;
      await line.send('3', '3');
      await line.until(() => false);
    },
    true,
  ),
  ...overBoth(
    'a client that speaks but answers no ping',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      line.isBrief = true;
      await line.until(isPing);
      await line.send('42["echo",1]');
      await line.until(() => false);
    },
    true,
  ),
  ...overBoth(
    'a client that never connects',
    async (wire, transport) => {
      const line = await wire.line(transport);
      line.isBrief = true;
      wire.note('pings', String(await beat(line, 3)));
    },
    true,
  ),
  ...overBoth(
    'a client that is refused and does not try again',
    async (wire, transport) => {
      const line = await wire.line(transport, '40/random,');
      line.isBrief = true;
      wire.note('pings', String(await beat(line, 3)));
    },
    true,
  ),
  ...overBoth(
    'a client that has left its namespace',
    async (wire, transport) => {
      const line = await wire.line(transport, '40');
      line.isBrief = true;
      await line.send('41');
      wire.note('session', (await beat(line, 4)) ? 'goes on' : 'is over');
    },
    true,
  ),
  {
    name: 'a client on polling that asks for nothing more',
    hasty: true,
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const polling = await wire.polling(watcher.connect);
      await watcher.gone();
      await polling.get();
    },
  },
  {
    name: 'a client on a WebSocket that answers no ping, as others see it',
    hasty: true,
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const socket = await wire.webSocket(watcher.connect);
      socket.isBrief = true;
      await watcher.gone();
    },
  },
  {
    name: 'an upgrade that is not finished in time',
    hasty: true,
    run: async wire => {
      const polling = await wire.polling('40');
      const socket = await wire.webSocket(undefined, {
        query: `EIO=4&transport=websocket&sid=${polling.sid}`,
      });
      polling.isBrief = true;
      const beating = beat(polling, 1);
      await socket.send('2probe');
      await socket.over();
      await beating;
      wire.note('session', (await fence(polling)) ? 'goes on' : 'is over');
    },
  },
];
