export const workOrders = {
  title: 'Work orders',
  filters: 'Filters',
  search: 'Search number, customer, device…',
  searchName: 'Search work orders',
  status: 'Status',
  open: 'Open',
  all: 'All',
  anyTechnician: 'Technician',
  technician: 'Technician',
  anyPriority: 'Priority',
  priority: 'Priority',
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
};

/** Many orders changed at once. */
export const bulk = {
  start: 'Select',
  stop: 'Done',
  select: (number: string) => `Select ${number}`,
  all: 'Select all that are shown',
  region: 'Change the selected orders',
  chosen: (count: number) => `${count} selected`,
  most: (most: number) => `At most ${most} at once.`,
  status: 'New status',
  priority: 'New priority',
  technician: 'New technician',
  keep: 'Leave as it is',
  nobody: 'Nobody',
  apply: (count: number) => `Change ${count === 1 ? '1 order' : `${count} orders`}`,
  done: (count: number) => `${count === 1 ? '1 order' : `${count} orders`} changed`,
  question: (count: number, status: string) =>
    `Set ${count === 1 ? '1 order' : `${count} orders`} to ${status.toLowerCase()} for good?`,
  yes: 'Yes, all of them',
  no: 'Not yet',
};

/** The form of an order that has no ticket. */
export const newWorkOrder = {
  title: 'New work order',
  add: 'New order',
  device: 'Device',
  devicePlaceholder: 'Make and model',
  description: 'What is to be done',
  priority: 'Priority',
  technician: 'Technician',
  nobody: 'Nobody yet',
  estimate: 'Estimate',
  due: 'Due',
  passcode: 'Device passcode',
  create: 'Open work order',
};

export const board = {
  title: 'Board',
  columns: 'Statuses',
  goTo: 'Go to a status',
  move: (number: string) => `Move ${number}`,
  moveTo: 'Move to',
  refused: (number: string, status: string) => `${number} cannot go to ${status.toLowerCase()}`,
  refusedHint: (legal: readonly string[]) =>
    legal.length === 0
      ? 'It cannot be moved from where it is.'
      : `From here it goes to ${legal.join(', ').toLowerCase()}.`,
  dragging: (number: string) => `Moving ${number}. Escape leaves it where it was.`,
  close: 'Or close it',
};

export const workOrder = {
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
  ticket: 'Ticket',
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
  /** Before a step that has no way back. */
  confirm: {
    cancelled: { question: 'Cancel this order for good?', yes: 'Yes, cancel it' },
    picked_up: { question: 'Hand the device over and close the order?', yes: 'Yes, hand it over' },
    no: 'Not yet',
  },
  removedTitle: 'This order has left your view',
  removedText: 'It was handed to somebody else while you had it open.',
  failed: 'The work order could not be loaded',
};
