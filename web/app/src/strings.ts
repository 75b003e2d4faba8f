import type { ApiError, NotificationType } from '@shopbell/client';
import * as codes from './strings/codes.ts';
import { customers } from './strings/customers.ts';
import { field } from './strings/field.ts';
import { history, notes } from './strings/log.ts';
import { outbox } from './strings/outbox.ts';
import { people } from './strings/people.ts';
import { tickets } from './strings/tickets.ts';
import { board, bulk, newWorkOrder, workOrder, workOrders } from './strings/workOrders.ts';

/*
 * Every word that a person reads, in one place, so that a second language is a second object of this shape. What the
 * server says in words of its own (notification texts, refusals) comes with keys or codes for the same purpose.
 */

export const strings = {
  product: 'Shopbell',
  tagline: 'Everyone in the shop sees the same job, the moment it changes.',
  ...codes,
  board,
  bulk,
  customers,
  field,
  history,
  newWorkOrder,
  notes,
  outbox,
  people,
  tickets,
  workOrder,
  workOrders,

  shell: {
    skip: 'Skip to content',
    navigation: 'Main',
    board: 'Board',
    workOrders: 'Work orders',
    tickets: 'Tickets',
    customers: 'Customers',
    people: 'People',
    notifications: 'Notifications',
    account: (name: string) => `Account of ${name}`,
    switchPerson: 'Switch person in this tab',
    signOut: 'Sign out',
    toasts: 'New notifications',
    open: 'Open',
  },

  session: {
    restoring: 'Opening the shop…',
    unreachable: 'The server cannot be reached',
    unreachableHint: 'You are still signed in. This page tries again when the network is back.',
    retry: 'Try again',
  },

  signIn: {
    title: 'Sign in',
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    expired: 'Your session has ended. Sign in again to go on.',
    elsewhere: 'You signed out in another tab.',
    demo: 'Or step in as one of the demo people',
    demoShop: (shop: number) => (shop === 1 ? 'The shop' : 'Another shop, which sees none of it'),
    as: (name: string, role: string) => `Sign in as ${name}, ${role}`,
  },

  notifications: {
    title: 'Notifications',
    bell: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`),
    unread: (count: number) => `, ${count} unread`,
    seeAll: 'See all',
    filters: 'Filters',
    all: 'All',
    onlyUnread: 'Unread',
    type: 'Kind',
    anyType: 'All kinds',
    types: {
      work_order: 'Work orders',
      repair_ticket: 'Tickets',
      communication: 'Messages',
      system: 'System',
      info: 'Information',
      success: 'Successes',
      warning: 'Warnings',
      error: 'Errors',
    } satisfies Record<NotificationType, string>,
    emptyUnread: 'You have read everything.',
    emptyFiltered: 'Nothing of this kind.',
    emptyTitle: 'All quiet',
    emptyText: 'When something needs you, it rings here.',
  },

  notFound: {
    title: 'Not here',
    text: 'There is no such page, or it is not yours to see.',
    back: 'To the work orders',
  },

  failure: {
    retry: 'Try again',
    crashed: 'Something went wrong on this page',
    part: 'This part does not work right now.',
  },

  /** A refusal in words; the server's own sentence where it has said one. */
  refusal: (error: ApiError): string => {
    if (error.code === 'unreachable') return 'The server cannot be reached. Check the network and try again.';
    if (error.code === 'unreadable') return 'The server’s answer could not be read. Try again in a moment.';
    const [first] = error.errors;
    return first === undefined ? error.message : `${first.field}: ${first.message}`;
  },
};
