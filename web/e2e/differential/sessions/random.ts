// Short sessions of chance, the same in every run: packets right and wrong in any order.
import { seeded } from '../../random.ts';
import type { Session } from '../session.ts';
import { fence, transports } from '../wire.ts';

const hole = '{"_placeholder":true,"num":0}';
const bytes = new Uint8Array([1, 2, 3]);
type Step = readonly (string | Uint8Array)[];

/** What a client does that means well. */
const right: readonly Step[] = [
  ['42["echo",1]'],
  ['42["echo","ä\\n",{"a":[null,true,-1.25]}]'],
  ['427["echo"]'],
  ['42["echo",1]', '428["echo",2]', '42["unknown"]', '42["echo",3]'],
  [`451-["echo",{"b":${hole}}]`, bytes],
  [`451-3["echo",${hole}]`, bytes],
  ['42["join","a"]'],
  ['42["leave","a"]'],
  ['42["in","a","told"]'],
  ['42["broadcast","","nobody else is there"]'],
  ['43999[1]'],
  ['40'],
  ['40{"a":1}'],
  ['40/custom,{"b":2}'],
  ['40/custom?c=3,'],
  ['42/custom,["echo",1]'],
  ['42/custom,5["echo",{"c":3}]'],
  [`451-/custom,["echo",${hole}]`, bytes],
  ['40/random,'],
  ['40/refusing,'],
  ['40{"refuse":true}'],
  ['41'],
  ['41/custom,'],
  ['3'],
  ['6'],
];

/** What none does. */
const wrong: readonly Step[] = [
  [''],
  ['abc'],
  ['2'],
  ['4'],
  ['47'],
  ['42{}'],
  ['42["connect"]'],
  ['42["echo"'],
  ['42-1["echo"]'],
  ['43{}'],
  ['41{}'],
  ['44'],
  ['40[]'],
  ['42/random,["echo"]'],
  ['451-["echo",{"_placeholder":true,"num":7}]', bytes],
  [`451-["echo",${hole}]`, '42["echo",1]'],
  ['45x-["echo"]'],
  [bytes],
];

function session(seed: number): Session {
  const transport = transports[seed % 2] ?? 'polling';
  return {
    name: `chance ${seed}, over ${transport}`,
    run: async wire => {
      const next = seeded(seed);
      const pick = (steps: readonly Step[]): Step => steps[Math.floor(next() * steps.length)] ?? [];
      const line = await wire.line(transport, next() < 0.8 ? '40' : undefined);
      line.isBrief = true;
      let goesOn = true;
      for (let left = 4 + Math.floor(next() * 10); left > 0 && goesOn; left -= 1) {
        const step = pick(next() < 0.06 ? wrong : right);
        wire.note(line.label, `→ ${step.map(String).join(' ')}`);
        await line.send(...step);
        goesOn = await fence(line);
      }
      wire.note('session', goesOn ? 'goes on' : 'is over');
    },
  };
}

export const randomSessions: Session[] = Array.from({ length: 300 }, (_, at) => session(at + 1));
