import type { CommandState, Refusal } from '@shopbell/client';

const quoted = (text: string) => (text.length > 60 ? `“${text.slice(0, 57).trim()}…”` : `“${text}”`);
const changes = (count: number) => (count === 1 ? '1 change' : `${count} changes`);

/** What the person did and the server does not have yet. */
export const outbox = {
  title: 'Your changes on this device',
  hint: 'They are sent in this order as soon as the server can be reached.',
  open: 'Show your changes on this device',
  states: {
    queued: 'On this device',
    sent: 'Sent',
    confirmed: 'Confirmed',
    refused: 'Refused',
  } satisfies Record<CommandState, string>,
  inFull: {
    queued: 'Kept on this device; it is sent as soon as the server can be reached.',
    sent: 'On its way to the server.',
    confirmed: 'The shop has it.',
    refused: 'The server did not take it.',
  } satisfies Record<CommandState, string>,
  kept: (count: number) => `${changes(count)} on this device`,
  refused: (count: number) => `${changes(count)} refused`,
  discard: 'Discard',
  retry: ({ code }: Refusal) => (code === 'version_mismatch' ? 'Use mine' : 'Try again'),
  refusal: ({ code, message, errors }: Refusal) => {
    if (code === 'version_mismatch') return 'Somebody else changed this meanwhile.';
    return errors[0]?.message ?? message;
  },
  wish: 'You wanted:',
  move: (number: string, status: string) => `${number} to ${status.toLowerCase()}`,
  fields: (number: string, names: readonly string[]) => `${number}: ${names.join(', ').toLowerCase()}`,
  cancelTicket: (number: string) => `Cancel ticket ${number}`,
  note: (number: string, content: string) => `Note on ${number}: ${quoted(content)}`,
  newTicket: (device: string) => `New ticket: ${device}`,
  read: 'Notification read',
  unread: 'Notification unread',
  readAll: 'All notifications read',
  names: {
    description: 'Description',
    priority: 'Priority',
    technician_id: 'Technician',
    estimate_total: 'Estimate',
    cost_total: 'Cost',
    due_at: 'Due',
    device: 'Device',
    problem_description: 'Problem',
    notes: 'Notes',
  },
  signOut: (count: number) =>
    `${changes(count)} on this device ${count === 1 ? 'is' : 'are'} lost if you sign out.`,
  signOutYes: 'Sign out all the same',
  signOutNo: 'Stay',
};
