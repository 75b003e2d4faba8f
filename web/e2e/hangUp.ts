// A caller of REST who sends a request and is gone before the answer.
import { connect } from 'node:net';
import type { Person } from './person.ts';
import type { Json } from './rest.ts';
import type { Server } from './server.ts';

/** Resolves once the request was sent whole and, `ms` later, its connection was cut off. */
export async function hangUp(
  server: Server,
  person: Person,
  [method, path]: readonly [string, string],
  body: Json,
  ms: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const json = JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    `Authorization: Bearer ${person.accessToken}`,
    'Content-Type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(json)}`,
    '\r\n',
  ].join('\r\n');
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise<void>(done => socket.write(head + json, () => done()));
  await new Promise<void>(done => {
    socket.once('close', () => done());
    setTimeout(() => socket.destroy(), ms);
  });
}
