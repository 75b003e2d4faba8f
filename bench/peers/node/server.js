// Node's socket.io with the options it has by default, as `bench` measures it: connections with a JWT, rooms that clients join
// and leave, events published to a room, typing, and an echo.
//
// $BENCH_SECRET is the key of the tokens (HS256). $BENCH_PING is `hour`, the default, so that no heartbeat disturbs a
// measurement, or `stock` for the times that it has by default. Prints `listening on 127.0.0.1:PORT`.

import { createSecretKey } from 'node:crypto';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import { Server } from 'socket.io';

const { BENCH_SECRET: secret, BENCH_PING: ping = 'hour' } = process.env;
const pings = { hour: { pingInterval: 3_600_000 }, stock: {} };
if (!secret || !Object.hasOwn(pings, ping)) {
  console.error('BENCH_SECRET must be set, and BENCH_PING be hour or stock');
  process.exit(1);
}
// A key that is made once saves making it for each token.
const key = createSecretKey(Buffer.from(secret));

const server = createServer();
const io = new Server(server, pings[ping]);

io.use((socket, next) => {
  try {
    socket.data.user = jwt.verify(socket.handshake.auth.token, key, { algorithms: ['HS256'] }).sub;
    next();
  } catch (error) {
    next(error);
  }
});

io.on('connection', (socket) => {
  socket.on('join', (room, acknowledge) => {
    socket.join(room);
    acknowledge(true);
  });
  socket.on('leave', (room, acknowledge) => {
    socket.leave(room);
    acknowledge(true);
  });
  socket.on('publish', (room, payload) => {
    io.to(room).emit('tick', payload);
  });
  socket.on('typing', (room, payload) => {
    socket.volatile.to(room).emit('typing', payload);
  });
  socket.on('echo', (payload, acknowledge) => {
    acknowledge(payload);
  });
});

// Node asks for a backlog of 511 otherwise.
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
