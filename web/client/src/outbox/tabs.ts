import type { Cursor } from '../live/cursor.ts';

/** What one tab tells the others of a person's outbox. */
export type TabMessage =
  { kind: 'changed' } | { kind: 'answered'; place: number; done: Cursor; result: number | null };

/** The person's other tabs. */
export interface Tabs {
  tell(message: TabMessage): void;
  /** Calls back until undone. */
  listen(heard: (message: TabMessage) => void): () => void;
}

/** Where there are none, or none that could be told. */
export const alone: Tabs = { tell: () => {}, listen: () => () => {} };

/** The tabs of this browser in which the same person is signed in. */
export function browserTabs(person: number): Tabs {
  if (typeof window === 'undefined' || !('BroadcastChannel' in window)) return alone;
  const name = `shopbell.outbox.${person}`;
  let channel: BroadcastChannel | null = null;
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    tell: message => channel?.postMessage(message),
    listen(heard) {
      const opened = (channel = new BroadcastChannel(name));
      opened.addEventListener('message', ({ data }) => heard(data as TabMessage));
      return () => {
        opened.close();
        if (channel === opened) channel = null;
      };
    },
  };
}
