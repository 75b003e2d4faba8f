// The official clients that are tried, each as it was published.
import { io } from 'socket.io-client';
import { io as io40 } from 'socket.io-client-4.0';
import { io as io46 } from 'socket.io-client-4.6';

export type Client = typeof io;

export const current: Client = io;

export const clients: Readonly<Record<string, Client>> = {
  '4.8.4': io,
  // What the tests use of them has not changed since; the types around it have.
  '4.6.2': io46 as unknown as Client,
  '4.0.2': io40,
};
