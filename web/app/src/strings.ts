import type { ApiError, ConnectionState, Priority, Role, Status } from '@shopbell/client';

/*
 * Every word that a person reads, in one place, so that a second language is a second object of this shape. What the
 * server says in words of its own (notification texts, refusals) comes with keys or codes for the same purpose.
 */

const statuses: Record<Status, string> = {
  intake: 'Intake',
  diagnosing: 'Diagnosing',
  quoted: 'Quoted',
  awaiting_approval: 'Awaiting approval',
  pending: 'Pending',
  parts_ordered: 'Parts ordered',
  in_progress: 'In progress',
  testing: 'Testing',
  completed: 'Completed',
  ready_for_pickup: 'Ready for pickup',
  picked_up: 'Picked up',
  declined: 'Declined',
  cancelled: 'Cancelled',
};

/** What the button says that moves an order there. */
const moves: Record<Status, string> = {
  intake: 'Back to intake',
  diagnosing: 'Diagnose',
  quoted: 'Quote',
  awaiting_approval: 'Ask for approval',
  pending: 'Queue for repair',
  parts_ordered: 'Order parts',
  in_progress: 'Start work',
  testing: 'Test',
  completed: 'Complete',
  ready_for_pickup: 'Ready for pickup',
  picked_up: 'Hand over',
  declined: 'Declined by customer',
  cancelled: 'Cancel order',
};

const priorities: Record<Priority, string> = { low: 'Low', medium: 'Medium', high: 'High', urgent: 'Urgent' };

const roles: Record<Role, string> = {
  admin: 'Admin',
  manager: 'Manager',
  technician: 'Technician',
  front_desk: 'Front desk',
};

const connection: Record<ConnectionState, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  unauthorized: 'Signed out',
};

const connectionInFull: Record<ConnectionState, string> = {
  idle: 'Not connected: what you see does not change by itself.',
  connecting: 'Connecting to the server.',
  connected: 'Changes by others show here as they happen.',
  reconnecting: 'The connection was lost and is being made again. What you see may be out of date.',
  offline: 'This device has no network. What you see may be out of date.',
  unauthorized: 'Your session has ended.',
};

export const strings = {
  product: 'Shopbell',
  tagline: 'Everyone in the shop sees the same job, the moment it changes.',
  statuses,
  moves,
  priorities,
  roles,
  connection,
  connectionInFull,

  shell: {
    skip: 'Skip to content',
    navigation: 'Main',
    workOrders: 'Work orders',
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

  workOrders: {
    title: 'Work orders',
    filters: 'Filters',
    search: 'Search number, customer, device…',
    searchName: 'Search work orders',
    status: 'Status',
    open: 'Open',
    all: 'All',
    anyTechnician: 'All technicians',
    technician: 'Technician',
    clear: 'Clear filters',
    more: 'Show more',
    columns: {
      order: 'Order',
      customer: 'Customer',
      technician: 'Technician',
      status: 'Status',
      priority: 'Priority',
      due: 'Due',
    },
    unassigned: 'Unassigned',
    noDue: 'No date',
    loading: 'Loading work orders',
    emptyTitle: 'Nothing matches',
    emptyFiltered: 'No work order fits these filters.',
    emptyAll: 'There is no open work order. A quiet day.',
    failed: 'The list could not be loaded',
    shown: (count: number, isWhole: boolean) =>
      `${count}${isWhole ? '' : '+'} ${count === 1 ? 'order' : 'orders'}`,
  },

  workOrder: {
    back: 'Work orders',
    loading: 'Loading the work order',
    updating: 'Just changed',
    description: 'Description',
    priority: 'Priority',
    technician: 'Technician',
    estimate: 'Estimate',
    cost: 'Cost',
    due: 'Due',
    customer: 'Customer',
    phone: 'Phone',
    email: 'E-mail',
    passcode: 'Device passcode',
    reveal: 'Show passcode',
    conceal: 'Hide passcode',
    created: 'Created',
    started: 'Started',
    completed: 'Completed',
    updated: 'Last change',
    next: 'Next step',
    closed: 'This order is closed.',
    notYours: 'Only the assigned technician or the office moves this order on.',
    needsTechnician: 'Assign a technician before work starts.',
    take: 'Take this order',
    handBack: 'Hand back to the pool',
    nobody: 'Nobody',
    none: 'Not set',
    edit: (field: string) => `Edit ${field.toLowerCase()}`,
    save: 'Save',
    cancel: 'Cancel',
    /** Before a step that has no way back. */
    confirm: {
      cancelled: { question: 'Cancel this order for good?', yes: 'Yes, cancel it' },
      picked_up: { question: 'Hand the device over and close the order?', yes: 'Yes, hand it over' },
      no: 'Not yet',
    },
    conflict: (field: string) => `${field} was changed by someone else meanwhile`,
    theirs: 'Now',
    mine: 'Yours',
    keepTheirs: 'Keep theirs',
    takeMine: 'Use mine',
    notMoney: 'Write an amount such as 120.00.',
    removedTitle: 'This order has left your view',
    removedText: 'It was handed to somebody else while you had it open.',
    failed: 'The work order could not be loaded',
  },

  notifications: {
    title: 'Notifications',
    bell: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`),
    unread: (count: number) => `, ${count} unread`,
    seeAll: 'See all',
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
  },

  /** A refusal in words; the server's own sentence where it has said one. */
  refusal: (error: ApiError): string => {
    if (error.code === 'unreachable') return 'The server cannot be reached. Check the network and try again.';
    if (error.code === 'unreadable') return 'The server’s answer could not be read. Try again in a moment.';
    const [first] = error.errors;
    return first === undefined ? error.message : `${first.field}: ${first.message}`;
  },
};
