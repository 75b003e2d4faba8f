// Signs JSON Web Tokens as the program does (HS256), so that a test can make one that must be refused.
import { createHmac } from 'node:crypto';
import type { Person } from './person.ts';
import { secret } from './server.ts';

export type Claims = Readonly<Record<string, unknown>>;

export const now = (): number => Math.floor(Date.now() / 1000);

/** The claims of a good access token for this person; a test replaces what it wants to be wrong. */
export function claimsOf(person: Person): Claims {
  const { role, name, email, shop } = person.demo;
  return { id: person.id, role, name, email, shop, iat: now(), exp: now() + 600, typ: 'access' };
}

export function sign(claims: Claims, { key = secret, header = { alg: 'HS256', typ: 'JWT' } } = {}): string {
  const body = [header, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = header.alg === 'none' ? '' : createHmac('sha256', key).update(body).digest('base64url');
  return `${body}.${signature}`;
}
