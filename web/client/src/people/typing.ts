import type { Connection } from '../connection/connection.ts';
import type { TypingStart, UserTyping } from '../generated/index.ts';
import type { Rooms } from '../live/rooms.ts';
import { Subscribers } from '../subscribers.ts';

export type Typist = Pick<UserTyping, 'userId' | 'userName' | 'message' | 'field'>;

export type TypingState = ReadonlyMap<string, readonly Typist[]>;

/** Somebody types no longer this long after their last start, whatever was lost on the way; in milliseconds. */
const GONE_MS = 7000;
/** The least time between two starts of this page in one room. */
const AGAIN_MS = 2000;
/** A person who has not gone on for this long has stopped. */
const PAUSE_MS = 4000;

export const nobodyTypes: TypingState = new Map();

interface Own {
  sentAt: number;
  isTyping: boolean;
  pause: ReturnType<typeof setTimeout> | undefined;
  /** A start that came too soon after the last one, and is sent as soon as it may be. */
  soon: ReturnType<typeof setTimeout> | undefined;
}

/** Who types where, and what this page tells of its own typing. */
export class Typing {
  readonly #connection: Connection;
  readonly #subscribers = new Subscribers();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #own = new Map<string, Own>();
  #state: TypingState = nobodyTypes;

  constructor(connection: Connection, rooms: Rooms) {
    this.#connection = connection;
    connection.on('user_typing_start', typing => this.#started(typing));
    connection.on('user_typing_stop', ({ roomName, userId }) => this.#stopped(roomName, userId));
    connection.on('user_offline', ({ userId }) => {
      for (const room of this.#state.keys()) this.#stopped(room, userId);
    });
    rooms.onLeft(room => {
      this.#forgetOwn(room);
      for (const { userId } of this.#state.get(room) ?? []) this.#stopped(room, userId);
    });
    connection.subscribe(() => {
      if (!connection.isConnected) this.#forget();
    });
  }

  get state(): TypingState {
    return this.#state;
  }

  /** Calls back after each change; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** The person types. To be called at every letter: it is sent at most once in 2 s, and taken back after a pause. */
  start = (roomName: string, what: Omit<TypingStart, 'roomName'> = {}): void => {
    const own = this.#own.get(roomName) ?? {
      sentAt: -Infinity,
      isTyping: false,
      pause: undefined,
      soon: undefined,
    };
    this.#own.set(roomName, own);
    clearTimeout(own.pause);
    clearTimeout(own.soon);
    own.pause = setTimeout(() => this.stop(roomName), PAUSE_MS);
    const wait = own.sentAt + AGAIN_MS - performance.now();
    if (wait > 0) {
      // Who types on is known to; who stopped and begins again within 2 s is not yet.
      if (!own.isTyping) own.soon = setTimeout(() => this.#send(own, { roomName, ...what }), wait);
    } else this.#send(own, { roomName, ...what });
  };

  #send(own: Own, start: TypingStart): void {
    if (!this.#connection.emit('typing_start', start)) return;
    own.sentAt = performance.now();
    own.isTyping = true;
  }

  stop = (roomName: string): void => {
    const own = this.#own.get(roomName);
    if (own === undefined) return;
    clearTimeout(own.pause);
    clearTimeout(own.soon);
    if (own.isTyping) this.#connection.emit('typing_stop', { roomName });
    own.isTyping = false;
  };

  #started({ roomName, userId, userName, message, field }: UserTyping): void {
    const others = (this.#state.get(roomName) ?? []).filter(typist => typist.userId !== userId);
    this.#put(roomName, [...others, { userId, userName, message, field }]);
    const key = `${roomName} ${userId}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#stopped(roomName, userId), GONE_MS),
    );
  }

  #stopped(roomName: string, userId: number): void {
    const key = `${roomName} ${userId}`;
    clearTimeout(this.#timers.get(key));
    if (!this.#timers.delete(key)) return;
    this.#put(
      roomName,
      (this.#state.get(roomName) ?? []).filter(typist => typist.userId !== userId),
    );
  }

  #put(roomName: string, typists: readonly Typist[]): void {
    const state = new Map(this.#state);
    if (typists.length === 0) state.delete(roomName);
    else state.set(roomName, typists);
    this.#state = state;
    this.#subscribers.notify();
  }

  #forgetOwn(room: string): void {
    const own = this.#own.get(room);
    clearTimeout(own?.pause);
    clearTimeout(own?.soon);
    this.#own.delete(room);
  }

  #forget(): void {
    for (const room of this.#own.keys()) this.#forgetOwn(room);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    if (this.#state.size === 0) return;
    this.#state = nobodyTypes;
    this.#subscribers.notify();
  }
}
