import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Attention, Presence, Typing, type Connection, type ServerEvents, type Use } from '../src/index.ts';
import { Rooms } from '../src/live/rooms.ts';
import { at } from './fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A connection in a test's hands: what is sent is kept, what the server would say is said by the test. */
function wire() {
  const handlers = new Map<string, ((payload: never) => void)[]>();
  const watchers: (() => void)[] = [];
  const sent: unknown[][] = [];
  const connection = {
    isConnected: true,
    on: (event: string, handler: (payload: never) => void) => {
      handlers.set(event, [...(handlers.get(event) ?? []), handler]);
      return () => {};
    },
    subscribe: (changed: () => void) => {
      watchers.push(changed);
      return () => {};
    },
    emit: (...args: unknown[]) => {
      if (connection.isConnected) sent.push(args);
      return connection.isConnected;
    },
    request: async (event: string, room: string) => {
      sent.push([event, room]);
      const viewers = [{ userId: 2, userName: 'Marko Kovač', status: 'viewing' }];
      return { ok: true, room, seq: 1, viewers };
    },
  };
  const rooms = new Rooms(connection as unknown as Connection);
  return {
    connection: connection as unknown as Connection,
    rooms,
    sent,
    hear: <Name extends keyof ServerEvents>(event: Name, payload: ServerEvents[Name]) => {
      for (const handler of handlers.get(event) ?? []) handler(payload as never);
    },
    become: (isConnected: boolean) => {
      connection.isConnected = isConnected;
      for (const changed of watchers) changed();
    },
    settle: () => vi.advanceTimersByTimeAsync(0),
  };
}

const room = 'work_order_7';

describe('presence', () => {
  const online = (userId: number) => ({
    userId,
    userName: `User ${userId}`,
    role: 'technician' as const,
    timestamp: at,
  });
  const update = (userId: number, status: 'viewing' | 'editing' | 'left', workOrderId = 7) => ({
    userId,
    userName: `User ${userId}`,
    status,
    workOrderId,
    timestamp: at,
  });

  test('is the snapshot, and who came and went since', () => {
    const { connection, rooms, hear } = wire();
    const presence = new Presence(connection, rooms);
    const ids = () => presence.state.users.map(user => user.userId);
    hear('presence_snapshot', { users: [{ ...online(3), status: 'idle' }], timestamp: at });
    hear('user_online', online(4));
    hear('user_online', online(4));
    expect(ids()).toEqual([3, 4]);
    hear('user_offline', online(3));
    expect(ids()).toEqual([4]);
  });

  test('at an order is who was there at the join, and what they did since', async () => {
    const { connection, rooms, hear, settle } = wire();
    const presence = new Presence(connection, rooms);
    const here = () => presence.state.viewers.get(7)?.map(viewer => [viewer.userId, viewer.status]);
    // Before the join there is no such order for this page.
    hear('user_presence_update', update(5, 'viewing'));
    expect(here()).toBeUndefined();
    rooms.join(room);
    await settle();
    expect(here()).toEqual([[2, 'viewing']]);
    hear('user_presence_update', update(5, 'viewing'));
    hear('user_presence_update', update(2, 'editing'));
    expect(here()).toEqual([
      [5, 'viewing'],
      [2, 'editing'],
    ]);
    hear('user_presence_update', update(5, 'left'));
    expect(here()).toEqual([[2, 'editing']]);
    hear('user_offline', online(2));
    expect(here()).toEqual([]);
    rooms.leave(room);
    await settle();
    expect(here()).toBeUndefined();
  });

  test('is not known without a connection, and is declared again after it', async () => {
    const { connection, rooms, hear, become, sent, settle } = wire();
    const presence = new Presence(connection, rooms);
    rooms.join(room);
    await settle();
    presence.declare('viewing', 7);
    presence.declare('viewing', 7);
    presence.declare('editing', 7);
    hear('user_online', online(4));
    become(false);
    expect(presence.state).toEqual({ users: [], viewers: new Map() });
    become(true);
    await settle();
    expect(sent).toEqual([
      ['join_room', room],
      ['user_presence', { status: 'viewing', workOrderId: 7 }],
      ['user_presence', { status: 'editing', workOrderId: 7 }],
      ['join_room', room],
      ['user_presence', { status: 'editing', workOrderId: 7 }],
    ]);
    rooms.leave(room);
    await settle();
    become(false);
    become(true);
    expect(sent.at(-1)).toEqual(['leave_room', room]);
  });
});

describe('typing', () => {
  const typing = (userId: number, field: string | null = null) => ({
    userId,
    userName: `User ${userId}`,
    roomName: room,
    message: null,
    field,
    timestamp: at,
  });
  const typistsOf = (of: Typing) => of.state.get(room)?.map(typist => typist.userId) ?? [];

  test('vanishes 7 s after the last start, whatever was lost', () => {
    const { connection, rooms, hear } = wire();
    const of = new Typing(connection, rooms);
    hear('user_typing_start', typing(2));
    vi.advanceTimersByTime(6000);
    hear('user_typing_start', typing(2, 'description'));
    vi.advanceTimersByTime(6999);
    expect(of.state.get(room)).toEqual([
      { userId: 2, userName: 'User 2', message: null, field: 'description' },
    ]);
    vi.advanceTimersByTime(1);
    expect(typistsOf(of)).toEqual([]);
  });

  test('ends with a stop, with the person, and with the connection', () => {
    const { connection, rooms, hear, become } = wire();
    const of = new Typing(connection, rooms);
    for (const userId of [2, 3, 4]) hear('user_typing_start', typing(userId));
    hear('user_typing_stop', typing(2));
    expect(typistsOf(of)).toEqual([3, 4]);
    hear('user_offline', { userId: 3, userName: 'User 3', role: 'technician', timestamp: at });
    expect(typistsOf(of)).toEqual([4]);
    become(false);
    expect(typistsOf(of)).toEqual([]);
  });

  test('is told at most once in 2 s, and taken back once after a pause', () => {
    const { connection, rooms, sent } = wire();
    const of = new Typing(connection, rooms);
    for (let letter = 0; letter < 50; letter++) {
      of.start(room, { field: 'description' });
      vi.advanceTimersByTime(100);
    }
    const start = ['typing_start', { roomName: room, field: 'description' }];
    expect(sent).toEqual([start, start, start]);
    vi.advanceTimersByTime(10_000);
    expect(sent.slice(3)).toEqual([['typing_stop', { roomName: room }]]);
    of.stop(room);
    expect(sent).toHaveLength(4);
  });

  test('that begins again within the 2 s is told when they are over, if the person still types', () => {
    const { connection, rooms, sent } = wire();
    const of = new Typing(connection, rooms);
    of.start(room, { field: 'description' });
    of.stop(room);
    of.start(room, { field: 'note' });
    expect(sent.map(([event]) => event)).toEqual(['typing_start', 'typing_stop']);
    vi.advanceTimersByTime(2000);
    expect(sent[2]).toEqual(['typing_start', { roomName: room, field: 'note' }]);
    of.stop(room);
    of.start(room);
    of.stop(room);
    vi.advanceTimersByTime(2000);
    expect(sent).toHaveLength(4);
  });

  test('is not kept for later when there is no connection', () => {
    const { connection, rooms, sent, become } = wire();
    const of = new Typing(connection, rooms);
    become(false);
    of.start(room);
    of.stop(room);
    expect(sent).toEqual([]);
    become(true);
    of.start(room);
    expect(sent).toEqual([['typing_start', { roomName: room }]]);
  });
});

describe('attention', () => {
  function person(isVisible = true) {
    let tell: (sign: 'used' | 'shown' | 'hidden') => void = () => {};
    const use: Use = {
      isVisible: () => isVisible,
      watch: heard => {
        tell = heard;
        return () => (tell = () => {});
      },
    };
    return { use, does: (sign: 'used' | 'shown' | 'hidden') => tell(sign) };
  }

  test('fades when nothing is done, is gone with the page, and comes back', () => {
    const { connection } = wire();
    const { use, does } = person();
    const attention = new Attention(connection, use);
    const stop = attention.start();
    vi.advanceTimersByTime(4 * 60_000);
    does('used');
    vi.advanceTimersByTime(4 * 60_000);
    expect(attention.state).toBe('active');
    vi.advanceTimersByTime(60_000);
    expect(attention.state).toBe('idle');
    does('hidden');
    expect(attention.state).toBe('away');
    does('shown');
    expect(attention.state).toBe('active');
    stop();
    vi.advanceTimersByTime(60 * 60_000);
    expect(attention.state).toBe('active');
  });

  test('beats at most once a minute while the page is used, and not otherwise', () => {
    const { connection, sent, become } = wire();
    const { use, does } = person(false);
    const attention = new Attention(connection, use);
    attention.start();
    expect(attention.state).toBe('away');
    become(false);
    does('used');
    become(true);
    for (let second = 0; second < 150; second++) {
      does('used');
      vi.advanceTimersByTime(1000);
    }
    expect(sent).toEqual([['heartbeat'], ['heartbeat'], ['heartbeat']]);
    vi.advanceTimersByTime(10 * 60_000);
    expect(sent).toHaveLength(3);
  });
});
