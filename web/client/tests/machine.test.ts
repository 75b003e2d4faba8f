import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionMachine } from '../src/connection/machine.ts';
import { backoff } from '../src/connection/backoff.ts';
import { transitions, type ConnectionEvent, type ConnectionState } from '../src/connection/states.ts';

type Report = (event: 'opened' | 'dropped' | 'refused') => void;
type Heard = (signal: 'wake' | 'network_lost' | 'network_back') => void;

/** A machine on a link and a browser that do what the test says. `random` of 1 makes every wait its longest. */
function setUp({ online = true, random = 1 } = {}) {
  const link = { open: vi.fn(), close: vi.fn() };
  let report!: Report;
  let heard: Heard | null = null;
  const machine = new ConnectionMachine({
    link: given => {
      report = given;
      return link;
    },
    signals: {
      isOnline: () => online,
      watch: given => {
        heard = given;
        return () => {
          heard = null;
        };
      },
    },
    random: () => random,
  });
  return {
    machine,
    link,
    report: (event: Parameters<Report>[0]) => report(event),
    signal: (s: Parameters<Heard>[0]) => heard?.(s),
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the table', () => {
  const states = Object.keys(transitions) as ConnectionState[];
  const events: ConnectionEvent[] = [
    'start',
    'stop',
    'opened',
    'dropped',
    'refused',
    'retry',
    'wake',
    'network_lost',
    'network_back',
  ];

  test('has exactly these moves', () => {
    const moves = states.flatMap(state =>
      events.flatMap(event =>
        transitions[state][event] ? [`${state} ${event} ${transitions[state][event]}`] : [],
      ),
    );
    expect(moves).toEqual([
      'idle start connecting',
      'connecting stop idle',
      'connecting opened connected',
      'connecting dropped reconnecting',
      'connecting refused unauthorized',
      'connecting network_lost offline',
      'connected stop idle',
      'connected dropped reconnecting',
      'connected refused unauthorized',
      'connected network_lost offline',
      'reconnecting stop idle',
      'reconnecting opened connected',
      'reconnecting dropped reconnecting',
      'reconnecting refused unauthorized',
      'reconnecting retry reconnecting',
      'reconnecting wake reconnecting',
      'reconnecting network_lost offline',
      'offline stop idle',
      'offline opened connected',
      'offline dropped offline',
      'offline refused unauthorized',
      'offline retry offline',
      'offline wake offline',
      'offline network_back reconnecting',
      'unauthorized start connecting',
      'unauthorized stop idle',
    ]);
  });

  test('lets every state but idle be stopped', () => {
    for (const state of states) expect(transitions[state].stop).toBe(state === 'idle' ? undefined : 'idle');
  });
});

describe('the machine', () => {
  test('connects, and tells once for each change', () => {
    const { machine, link, report } = setUp();
    const seen: string[] = [];
    const undo = machine.subscribe(() => seen.push(machine.state));
    machine.start();
    machine.start();
    report('opened');
    expect(seen).toEqual(['connecting', 'connected']);
    expect(link.open).toHaveBeenCalledTimes(1);
    undo();
    machine.stop();
    expect(seen).toHaveLength(2);
    expect(link.close).toHaveBeenCalledTimes(1);
  });

  test('waits twice as long after each failure, up to 20 s, and begins anew after a success', () => {
    const { machine, link, report } = setUp();
    machine.start();
    for (const bound of [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]) {
      link.open.mockClear();
      report('dropped');
      expect(machine.state).toBe('reconnecting');
      vi.advanceTimersByTime(bound - 1);
      expect(link.open).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(link.open).toHaveBeenCalledTimes(1);
    }
    report('opened');
    link.open.mockClear();
    report('dropped');
    vi.advanceTimersByTime(500);
    expect(link.open).toHaveBeenCalledTimes(1);
  });

  test('tries at once when a person looks at the page, and not twice beside each other', () => {
    const { machine, link, report, signal } = setUp();
    machine.start();
    report('dropped');
    link.open.mockClear();
    signal('wake');
    signal('wake');
    expect(link.open).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(link.open).toHaveBeenCalledTimes(1);
    report('opened');
    expect(machine.state).toBe('connected');
  });

  test('is offline while the browser says so, tries now and then, and at once when the network is back', () => {
    const { machine, link, report, signal } = setUp();
    machine.start();
    report('opened');
    signal('network_lost');
    expect(machine.state).toBe('offline');
    expect(link.close).toHaveBeenCalledTimes(1);
    link.open.mockClear();
    vi.advanceTimersByTime(20_000);
    expect(link.open).toHaveBeenCalledTimes(1);
    report('dropped');
    expect(machine.state).toBe('offline');
    link.open.mockClear();
    signal('network_back');
    expect(machine.state).toBe('reconnecting');
    expect(link.open).toHaveBeenCalledTimes(1);
  });

  test('starts offline without a network, and connects all the same when the browser was wrong', () => {
    const { machine, report } = setUp({ online: false });
    machine.start();
    expect(machine.state).toBe('offline');
    vi.advanceTimersByTime(20_000);
    report('opened');
    expect(machine.state).toBe('connected');
  });

  test('does not try again after a refusal until it is started again', () => {
    const { machine, link, report, signal } = setUp();
    machine.start();
    report('refused');
    expect(machine.state).toBe('unauthorized');
    link.open.mockClear();
    signal('wake');
    vi.advanceTimersByTime(60_000);
    expect(link.open).not.toHaveBeenCalled();
    machine.start();
    expect(machine.state).toBe('connecting');
    expect(link.open).toHaveBeenCalledTimes(1);
  });

  test('leaves no timer behind when it is stopped', () => {
    const { machine, report } = setUp();
    machine.start();
    report('dropped');
    machine.stop();
    expect(vi.getTimerCount()).toBe(0);
    // What the link reports late moves nothing.
    report('opened');
    expect(machine.state).toBe('idle');
  });
});

test('the back-off is full jitter', () => {
  expect(backoff(0, () => 0)).toBe(0);
  expect(backoff(3, () => 0.5)).toBe(2000);
  expect(backoff(50, () => 0.999)).toBeLessThan(20_000);
});
