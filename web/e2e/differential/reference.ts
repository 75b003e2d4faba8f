// The reference: socket.io itself, with the application whose twin is crates/engine/examples/differential.rs.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';

/** Milliseconds. */
export interface Times {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly connectTimeout: number;
  readonly upgradeTimeout: number;
}

/** A server under test. */
export interface Side {
  readonly port: number;
  stop(): Promise<void>;
}

export const pageOrigin = 'http://page.example';
export const maxPayload = 10_000;
/** How long a client may take to answer a `question`. */
const patienceMs = 300;

/** Starts the reference on a free port. */
export async function startReference(times: Times): Promise<Side> {
  const http = createServer();
  const io = new Server(http, {
    ...times,
    maxHttpBufferSize: maxPayload,
    cors: { origin: [pageOrigin], credentials: true },
    serveClient: false,
  });
  for (const name of ['/', '/custom', '/refusing', '/fence']) {
    const namespace = io.of(name);
    namespace.use((socket, next) => {
      const { auth } = socket.handshake;
      if (name !== '/refusing' && name !== '/fence' && !('refuse' in auth)) return next();
      next(Object.assign(new Error('refused'), { data: { code: 'not_today', auth } }));
    });
    namespace.on('connection', socket => {
      const { auth } = socket.handshake;
      socket.emit('auth', auth);
      for (const number of [1, 2, 3]) socket.emit('number', number);
      socket.on('disconnect', reason => {
        if (typeof auth['tell'] === 'string') namespace.to(auth['tell']).emit('gone', reason);
      });
      listen(io, socket);
    });
  }
  await new Promise<void>(done => http.listen(0, '127.0.0.1', done));
  return {
    port: (http.address() as AddressInfo).port,
    stop: () => io.close(),
  };
}

function listen(io: Server, socket: Socket): void {
  const namespace = io.of(socket.nsp.name);
  socket.on('echo', (...args: unknown[]) => {
    const ack = args.at(-1);
    if (typeof ack === 'function') ack(...args.slice(0, -1));
    else socket.emit('echo', ...args);
  });
  socket.on('ask', (...args: unknown[]) => {
    socket.timeout(patienceMs).emit('question', ...args, (error: Error | null, ...answer: unknown[]) => {
      if (error) socket.emit('unanswered', true);
      else socket.emit('answered', ...answer);
    });
  });
  socket.on('join', async (room: string) => {
    await socket.join(room);
    socket.emit('joined', true);
  });
  socket.on('leave', async (room: string) => {
    await socket.leave(room);
    socket.emit('left', true);
  });
  socket.on('to', (room: string, data: unknown) => socket.to(room).emit('told', data));
  socket.on('in', (room: string, data: unknown) => namespace.to(room).emit('told', data));
  socket.on('except', (room: string, data: unknown) => namespace.except(room).emit('told', data));
  socket.on('all', (_: unknown, data: unknown) => namespace.emit('told', data));
  socket.on('broadcast', (_: unknown, data: unknown) => socket.broadcast.emit('told', data));
  socket.on('volatile', (room: string, data: unknown) => namespace.to(room).volatile.emit('told', data));
  socket.on('dismiss', (close: boolean) => socket.disconnect(close));
}
