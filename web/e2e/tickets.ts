// Takes in tickets, one for each test.
import type { Person, Written } from './person.ts';
import type { Ticket, WorkOrder } from './wire.ts';

/** A new ticket of the shop's first customer, taken in by this person. */
export async function takeIn(person: Person, fields: Partial<Ticket> = {}): Promise<Written<Ticket>> {
  const [customer] = await person.customers();
  if (customer === undefined) throw new Error('the shop has no customers');
  return person.write<Ticket>('POST', '/api/tickets', {
    customer_id: customer.id,
    device: 'Nokia 3310',
    problem_description: 'Fell into the sea',
    ...fields,
  });
}

export async function convert(
  person: Person,
  ticket: Ticket,
  fields: { technician_id?: number | null; description?: string } = {},
): Promise<Written<WorkOrder>> {
  return person.write<WorkOrder>('POST', `/api/tickets/${ticket.id}/convert`, fields);
}

export async function patchTicket(
  person: Person,
  ticket: Ticket,
  changes: Partial<Ticket>,
): Promise<Written<Ticket>> {
  return person.write<Ticket>('PATCH', `/api/tickets/${ticket.id}`, changes);
}
