/** What is said around a field, whatever row it belongs to. */
export const field = {
  none: 'Not set',
  edit: (name: string) => `Edit ${name.toLowerCase()}`,
  save: 'Save',
  cancel: 'Cancel',
  conflict: (name: string) => `${name} was changed by someone else meanwhile`,
  theirs: 'Now',
  mine: 'Yours',
  keepTheirs: 'Keep theirs',
  takeMine: 'Use mine',
  notMoney: 'Write an amount such as 120.00.',
  needed: 'This is needed.',
};
