import type { ConnectionState } from '@shopbell/client';
import { useConnectionStatus, useIsDelayed } from '../hooks/useConnectionStatus.ts';
import { useOutbox } from '../hooks/useOutbox.ts';
import { Styles } from './styles.tsx';

export interface StatusLabels extends Readonly<Record<ConnectionState, string>> {
  /** No socket can be opened, but what happens is asked for every few seconds. */
  delayed?: string;
  /** What follows when changes of this person have not been sent. */
  kept?: (count: number) => string;
  /** What follows when the server has refused some. */
  refused?: (count: number) => string;
}

export interface WebSocketStatusProps {
  className?: string;
  labels?: StatusLabels;
  /** A longer word for who points at it. */
  titles?: StatusLabels;
}

const changes = (count: number) => (count === 1 ? '1 change' : `${count} changes`);

const english: StatusLabels = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  unauthorized: 'Signed out',
  delayed: 'Live, with a delay',
  kept: count => `${changes(count)} on this device`,
  refused: count => `${changes(count)} refused`,
};

/** Says whether what is on the page is live, and what of this person's is not with the server. */
export default function WebSocketStatus({ className = '', labels = english, titles }: WebSocketStatusProps) {
  const { status } = useConnectionStatus();
  const isDelayed = useIsDelayed();
  const { kept, refused } = useOutbox();
  const say = (words: StatusLabels) => (isDelayed ? words.delayed : undefined) ?? words[status];
  const parts = [
    say(labels),
    // What leaves in the next moment is no news.
    kept > 0 && status !== 'connected' && labels.kept?.(kept),
    refused > 0 && labels.refused?.(refused),
  ];
  return (
    <output
      className={`shopbell-status ${className}`}
      data-status={status}
      data-refused={refused > 0 || undefined}
      title={titles && say(titles)}
    >
      <Styles />
      {parts.filter(Boolean).join(' · ')}
    </output>
  );
}
