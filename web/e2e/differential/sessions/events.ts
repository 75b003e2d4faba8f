// Events and acknowledgements both ways, rooms, and sockets that are sent away.
import { overBoth, type Session } from '../session.ts';
import { Watcher } from '../watcher.ts';
import { fence, type Line, transports, type Wire } from '../wire.ts';

const hole = '{"_placeholder":true,"num":0}';
const bytes = new Uint8Array([0, 127, 128, 255]);

/** The id that the server's question asks to be answered under. */
async function asked(line: Line, question: string, ...more: Uint8Array[]): Promise<string> {
  await line.send(question, ...more);
  let id = '';
  await line.until(packet => {
    id = /^4[25](?:\d-)?(?:\/custom,)?(\d+)\["question"/.exec(packet)?.[1] ?? id;
    return id !== '';
  });
  if (more.length > 0) await line.until(packet => packet.startsWith('b'));
  return id;
}

const answered = (packet: string): boolean => packet.includes('answered');

/** Three clients, the first of whom is in the room `desk` and the second in `desk` and `bench`. */
async function three(wire: Wire): Promise<[Line, Line, Line]> {
  const [first, second, third] = [
    await wire.polling('40'),
    await wire.webSocket('40'),
    await wire.webSocket('40'),
  ];
  for (const [line, room] of [
    [first, 'desk'],
    [second, 'desk'],
    [second, 'bench'],
  ] as const) {
    await line.send(`42["join","${room} of ${first.label}"]`);
    await line.until(packet => packet.includes('joined'));
  }
  return [first, second, third];
}

const sendings: readonly (readonly [string, ...string[]])[] = [
  ['to a room', 'to desk'],
  ['to a room with oneself', 'in desk'],
  ['to a room that nobody is in', 'to attic'],
  ['to everyone but a room', 'except bench'],
  ['to everyone', 'all'],
  ['to everyone else', 'broadcast'],
  ['to several rooms one after the other', 'to desk', 'in bench', 'to bench'],
];

export const eventSessions: Session[] = [
  ...overBoth('a question that is answered', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const id = await asked(line, '42["ask",{"a":1},"b"]');
    await line.send(`43${id}["yes",{"n":2}]`);
    await line.until(answered);
  }),
  ...overBoth('a question that is answered with nothing', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    await line.send(`43${await asked(line, '42["ask"]')}[]`);
    await line.until(answered);
  }),
  ...overBoth('a question that is answered twice', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const id = await asked(line, '42["ask"]');
    await line.send(`43${id}[1]`, `43${id}[2]`);
    await line.until(answered);
    await fence(line);
  }),
  ...overBoth('a question that is answered under another id', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const id = await asked(line, '42["ask"]');
    await line.send(`43${Number(id) + 7}[1]`, `43${id}[2]`);
    await line.until(answered);
  }),
  ...overBoth('a question that is answered in another namespace', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    await line.send('40/custom,');
    await line.until(packet => packet.includes('["number",3]'));
    const id = await asked(line, '42/custom,["ask",1]');
    await line.send(`43${id}["wrong"]`, `43/custom,${id}["right"]`);
    await line.until(answered);
  }),
  ...overBoth('a question that is not answered, and then too late', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const id = await asked(line, '42["ask",1]');
    await line.until(packet => packet.includes('unanswered'));
    await line.send(`43${id}[1]`);
    await fence(line);
  }),
  ...overBoth('two questions that are answered the other way round', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const ids = [await asked(line, '42["ask",1]'), await asked(line, '42["ask",2]')];
    for (const [at, id] of ids.toReversed().entries()) {
      await line.send(`43${id}[${at}]`);
      await line.until(answered);
    }
  }),
  ...overBoth('a question of bytes that is answered with bytes', async (wire, transport) => {
    const line = await wire.line(transport, '40');
    const id = await asked(line, `451-["ask",${hole}]`, bytes);
    await line.send(`461-${id}[${hole}]`, bytes);
    await line.until(answered);
    await fence(line);
  }),
  ...sendings.map(([name, ...events]): Session => ({
    name: `an event ${name}`,
    run: async wire => {
      const lines = await three(wire);
      for (const line of lines) {
        for (const [at, event] of events.entries()) {
          const [verb, room] = event.split(' ');
          await line.send(`42["${verb}","${room} of polling1",${at}]`);
        }
        await fence(line);
        for (const each of lines) await fence(each);
      }
      await lines[1].send('42["leave","desk of polling1"]', '42["in","desk of polling1","after"]');
      for (const each of [lines[1], ...lines]) await fence(each);
    },
  })),
  {
    name: 'a volatile event, to one who waits and to one who does not',
    run: async wire => {
      const [first, second, third] = await three(wire);
      await third.send('42["volatile","desk of polling1","lost on the first"]');
      for (const each of [third, second, first]) await fence(each);
      const waiting = first.until(packet => packet.includes('told'));
      await fence(second);
      await third.send('42["volatile","desk of polling1","for both"]');
      await fence(third);
      await fence(second);
      await third.send('42["in","desk of polling1","for sure"]');
      await waiting;
      await fence(first);
    },
  },
  ...transports.flatMap((transport): Session[] => [
    {
      name: `a socket that is dismissed with its session, over ${transport}`,
      run: async wire => {
        const watcher = await Watcher.of(wire);
        const line = await wire.line(transport, watcher.connect);
        line.isBrief = true;
        await line.send('42["dismiss",true]');
        await watcher.gone();
        wire.note('session', (await fence(line)) ? 'goes on' : 'is over');
      },
    },
    {
      name: `a socket that is dismissed while its session has another, over ${transport}`,
      run: async wire => {
        const watcher = await Watcher.of(wire);
        const line = await wire.line(transport, watcher.connect);
        await line.send('40/custom,');
        await line.until(packet => packet.includes('["number",3]'));
        await line.send('42["dismiss",false]');
        await watcher.gone();
        await line.send('42/custom,["echo",1]');
        await fence(line);
      },
    },
    {
      name: `a socket that is dismissed from its only namespace, over ${transport}`,
      run: async wire => {
        const watcher = await Watcher.of(wire);
        const line = await wire.line(transport, watcher.connect);
        line.isBrief = true;
        await line.send('42["dismiss",false]');
        await watcher.gone();
        wire.note('session', (await fence(line)) ? 'goes on' : 'is over');
      },
    },
    {
      name: `a socket that leaves and comes back, over ${transport}`,
      run: async wire => {
        const watcher = await Watcher.of(wire);
        const line = await wire.line(transport, watcher.connect);
        await line.send('42["join","den"]');
        await line.until(packet => packet.includes('joined'));
        await line.send('41');
        await watcher.gone();
        await line.send('40{"again":true}');
        await line.until(packet => packet.includes('["number",3]'));
        await line.send('42["in","den","for nobody"]', '42["echo",1]');
        await fence(line);
      },
    },
  ]),
  {
    name: 'a client on polling closes',
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const polling = await wire.polling(watcher.connect);
      polling.isBrief = true;
      await polling.post('1');
      await watcher.gone();
    },
  },
  {
    name: 'a client on polling sends something malformed',
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const polling = await wire.polling(watcher.connect);
      polling.isBrief = true;
      await polling.post('42{}');
      await polling.get();
      await watcher.gone();
    },
  },
  {
    name: 'a client on polling sends no packet',
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const polling = await wire.polling(watcher.connect);
      polling.isBrief = true;
      await polling.post('abc');
      await watcher.gone();
    },
  },
  {
    name: 'a client on polling asks twice at once',
    run: async wire => {
      const watcher = await Watcher.of(wire);
      const polling = await wire.polling(watcher.connect);
      polling.isBrief = true;
      await Promise.all([polling.get(), polling.get()]);
      await watcher.gone();
    },
  },
];
