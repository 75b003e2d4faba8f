/** Where the connection stands. */
export type ConnectionState =
  'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'unauthorized';

/**
 * What can happen to it. `dropped` is a connection or an attempt that ended and is worth trying again, `refused` one
 * that is not until somebody signs in; `retry` is the back-off running out, `wake` a person looking at the page again.
 */
export type ConnectionEvent =
  'start' | 'stop' | 'opened' | 'dropped' | 'refused' | 'retry' | 'wake' | 'network_lost' | 'network_back';

type Row = Readonly<Partial<Record<ConnectionEvent, ConnectionState>>>;

/** Every move there is; an event that a state does not list leaves it as it is. */
export const transitions: Readonly<Record<ConnectionState, Row>> = {
  idle: {
    start: 'connecting',
  },
  connecting: {
    stop: 'idle',
    opened: 'connected',
    dropped: 'reconnecting',
    refused: 'unauthorized',
    network_lost: 'offline',
  },
  connected: {
    stop: 'idle',
    dropped: 'reconnecting',
    refused: 'unauthorized',
    network_lost: 'offline',
  },
  reconnecting: {
    stop: 'idle',
    opened: 'connected',
    dropped: 'reconnecting',
    refused: 'unauthorized',
    retry: 'reconnecting',
    wake: 'reconnecting',
    network_lost: 'offline',
  },
  // Browsers say "offline" wrongly now and then (VPNs, a server on the same machine), so this state still tries, rarely.
  offline: {
    stop: 'idle',
    opened: 'connected',
    dropped: 'offline',
    refused: 'unauthorized',
    retry: 'offline',
    wake: 'offline',
    network_back: 'reconnecting',
  },
  unauthorized: {
    start: 'connecting',
    stop: 'idle',
  },
};
