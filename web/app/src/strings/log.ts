/** What is written about an order, and what was done to it. */
export const notes = {
  title: 'Notes',
  loading: 'Loading notes',
  empty: 'No notes yet. Write what the next person should know.',
  older: 'Show older notes',
  write: 'Write a note',
  placeholder: 'Write a note. @ mentions a colleague.',
  add: 'Add note',
  customerVisible: 'The customer may see this',
  forCustomer: 'For the customer',
  people: 'People to mention',
  failed: 'The notes could not be loaded.',
};

/** What each field is called in the middle of a sentence. */
const fields: Record<string, string> = {
  customer_id: 'the customer',
  customer_name: 'the customer’s name',
  customer_phone: 'the customer’s phone',
  customer_email: 'the customer’s e-mail',
  device: 'the device',
  device_passcode: 'the passcode',
  description: 'the description',
  priority: 'the priority',
  technician_name: 'the technician’s name',
  estimate_total: 'the estimate',
  cost_total: 'the cost',
  due_at: 'the due date',
};

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' });

export const history = {
  title: 'History',
  loading: 'Loading history',
  empty: 'Nothing recorded yet.',
  older: 'Show earlier',
  failed: 'The history could not be loaded.',
  somebody: 'Somebody',
  created: 'The order was opened',
  moved: (who: string, from: string, to: string) =>
    `${who} moved it from ${from.toLowerCase()} to ${to.toLowerCase()}`,
  overridden: (reason: string) => `Against the usual order: ${reason}`,
  assigned: (who: string, whom: string) => `${who} gave it to ${whom}`,
  took: (who: string) => `${who} took it`,
  handedBack: (who: string) => `${who} handed it back to the pool`,
  unassigned: (who: string, whom: string) => `${who} took it from ${whom}`,
  prioritised: (who: string, priority: string) => `${who} set the priority to ${priority.toLowerCase()}`,
  changed: (who: string, names: readonly string[]) =>
    `${who} changed ${names.length === 0 ? 'it' : listed.format(names.map(name => fields[name] ?? name.replaceAll('_', ' ')))}`,
  noted: (who: string) => `${who} added a note`,
};
