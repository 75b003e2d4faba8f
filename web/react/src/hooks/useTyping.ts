import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Typist } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';

export interface RoomTyping {
  /** The other people who type in the room now. */
  typists: readonly Typist[];
  /** To be called with `true` at every letter, with `false` when the person has done. */
  sendTyping: (isTyping: boolean, field?: string) => void;
}

const nobodyTypes: readonly Typist[] = [];

/** Who types in a room that this page has joined. Unmounting takes back what this person types. */
export function useTyping(room: string | null): RoomTyping {
  const { typing } = useClient();
  const typists = useSyncExternalStore(
    typing.subscribe,
    () => (room === null ? undefined : typing.state.get(room)),
    () => undefined,
  );
  const sendTyping = useCallback<RoomTyping['sendTyping']>(
    (isTyping, field) => {
      if (room === null) return;
      if (isTyping) typing.start(room, field === undefined ? {} : { field });
      else typing.stop(room);
    },
    [typing, room],
  );
  useEffect(() => () => sendTyping(false), [sendTyping]);
  return { typists: typists ?? nobodyTypes, sendTyping };
}
