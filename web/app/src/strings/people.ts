import type { ViewerStatus } from '@shopbell/client';

const doing: Record<ViewerStatus, string> = {
  viewing: 'Viewing',
  editing: 'Editing',
  idle: 'Idle',
  away: 'Away',
  left: 'Left',
};

/** Where somebody writes, in the middle of a sentence. */
const places: Record<string, string> = {
  note: 'a note',
  description: 'the description',
  estimate_total: 'the estimate',
  cost_total: 'the cost',
  due_at: 'the due date',
};

export const people = {
  title: 'People',
  online: (count: number) => (count === 0 ? 'People, nobody else here' : `People, ${count} here`),
  here: 'Here now',
  everyone: 'Everyone in the shop',
  you: 'You',
  nobody: 'Nobody else is here.',
  notLive: 'Who is here shows when this page is live again.',
  scope: 'You see colleagues of your own role here.',
  loading: 'Loading people',
  failed: 'The people could not be loaded',
  disabled: 'No longer here',
  atOrder: 'Also here',
  doing,
  describe: (name: string, status: string) =>
    `${name}, ${(doing[status as ViewerStatus] ?? status).toLowerCase()}`,
  typing: (names: readonly string[], field: string | null): string => {
    const [first, second, third] = names;
    if (third !== undefined) return 'Several people are writing…';
    const who = second === undefined ? `${first} is` : `${first} and ${second} are`;
    const what = field === null ? undefined : places[field];
    return `${who} writing${what === undefined || second !== undefined ? '' : ` ${what}`}…`;
  },
};
