import type { Ticket, User } from '../generated/index.ts';

/* As in `workOrderRules.ts`: what a person is offered; the server decides. */

/** Whether this person may change what a ticket says. */
export function mayEditTicket(user: User, ticket: Ticket): boolean {
  return user.role !== 'technician' || ticket.status === 'intake';
}

/** Whether this person may cancel it. */
export function mayCancel(user: User, ticket: Ticket): boolean {
  return user.role !== 'technician' && ticket.status === 'intake';
}

/** Whether a work order may be made of it, which everybody may: technicians for themselves. */
export function mayConvert(ticket: Ticket): boolean {
  return ticket.status === 'intake';
}

/** Whether this person may write customers, and see how to reach them. */
export function mayEditCustomers(user: User): boolean {
  return user.role !== 'technician';
}

/** Whether this person may open an order without a ticket. */
export function mayOpenWorkOrders(user: User): boolean {
  return user.role !== 'technician';
}

/** Whether this person may change many orders at once. */
export function mayChangeMany(user: User): boolean {
  return user.role === 'admin' || user.role === 'manager';
}

/** The most orders that one bulk change takes. */
export const MOST_AT_ONCE = 200;
