import type { ConnectionState } from '@shopbell/client';
import { useConnectionStatus } from '../hooks/useConnectionStatus.ts';
import { Styles } from './styles.tsx';

export type StatusLabels = Readonly<Record<ConnectionState, string>>;

export interface WebSocketStatusProps {
  className?: string;
  labels?: StatusLabels;
  /** A longer word for who points at it. */
  titles?: StatusLabels;
}

const english: StatusLabels = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  unauthorized: 'Signed out',
};

/** Says whether what is on the page is live. */
export default function WebSocketStatus({ className = '', labels = english, titles }: WebSocketStatusProps) {
  const { status } = useConnectionStatus();
  return (
    <output className={`shopbell-status ${className}`} data-status={status} title={titles?.[status]}>
      <Styles />
      {labels[status]}
    </output>
  );
}
