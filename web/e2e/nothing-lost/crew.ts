// The people of the run: the demo shops' staff and many who are hired for it, each with a token and a stock client.
import { people as demo, type DemoPerson, password } from '../people.ts';
import { Person } from '../person.ts';
import { request } from '../rest.ts';
import type { Server } from '../server.ts';
import { sign } from '../tokens.ts';
import type { Role } from '../wire.ts';

export type Hired = Readonly<Record<Role, number>>;

/** With the demo people of both shops that makes 48; two of them have a second tab. */
export const many: Hired = { admin: 1, manager: 3, front_desk: 5, technician: 32 };
export const nobody: Hired = { admin: 0, manager: 0, front_desk: 0, technician: 0 };

/** Longer than any run. */
const tokenSeconds = 12 * 3_600;

export interface Crew {
  readonly everyone: readonly Person[];
  readonly admin: Person;
  readonly otherAdmin: Person;
}

/** `hired` are for shop 1. */
export async function hireCrew(server: Server, hired: Hired): Promise<Crew> {
  const admin = await server.as('admin');
  const url = (): string => server.url;
  const holding = (person: DemoPerson, id: number): Person => {
    const now = Math.floor(Date.now() / 1_000);
    const { shop, role, name, email } = person;
    return Person.holding(
      url,
      person,
      id,
      sign({ id, shop, role, name, email, iat: now, exp: now + tokenSeconds }),
    );
  };

  const everyone = new Map<string, Person>();
  for (const lead of [admin, await server.as('otherAdmin')]) {
    for (const { id, email } of await lead.users()) {
      const person = Object.values(demo).find(each => each.email === email);
      if (person !== undefined) everyone.set(person.email, holding(person, id));
    }
  }
  const newcomers = Object.entries(hired).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, i): DemoPerson => {
      const name = `Hired ${role} ${i + 1}`;
      return { shop: 1, role: role as Role, name, email: `${role}.${i + 1}@shopbell.test` };
    }),
  );
  const hire = async (person: DemoPerson): Promise<void> => {
    const { name, email, role } = person;
    const headers = { authorization: `Bearer ${admin.accessToken}` };
    const answer = await request<{ data: { id: number } }>('POST', `${server.url}/api/users`, {
      headers,
      body: { name, email, role, password },
    });
    if (answer.status !== 201) throw new Error(`could not hire ${name}: ${JSON.stringify(answer.body)}`);
    everyone.set(email, holding(person, answer.body.data.id));
  };
  // The server checks two passwords at a time.
  const line = newcomers.values();
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (const person of line) await hire(person);
    }),
  );
  return {
    everyone: [...everyone.values()],
    admin: everyone.get(demo.admin.email)!,
    otherAdmin: everyone.get(demo.otherAdmin.email)!,
  };
}
