import type { Transport, Wire } from './wire.ts';
import { transports } from './wire.ts';

/** A script that is run against both servers. */
export interface Session {
  readonly name: string;
  readonly run: (wire: Wire) => Promise<void>;
  /** It is about time: run against servers that have little of it. */
  readonly hasty?: boolean | undefined;
}

/** The same script over both transports. */
export function overBoth(
  name: string,
  run: (wire: Wire, transport: Transport) => Promise<void>,
  hasty = false,
): Session[] {
  return transports.map(transport => ({
    name: `${name}, over ${transport}`,
    run: wire => run(wire, transport),
    hasty,
  }));
}
