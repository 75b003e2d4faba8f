import { fromLocalInput, moment, money, parseMoney, toLocalInput } from '../format.ts';
import { strings } from '../strings.ts';

/** How a field is written and read by people. */
export interface Writing {
  show: (value: string) => string;
  toText: (value: string) => string;
  /** `null` clears the field, `undefined` is nothing that it can hold. */
  toValue: (text: string) => string | null | undefined;
  problem: string;
  isLong?: boolean;
  input?: { type?: 'datetime-local'; inputMode?: 'decimal'; placeholder?: string };
}

export const prose: Writing = {
  isLong: true,
  show: value => value,
  toText: value => value,
  toValue: text => text.trim(),
  problem: '',
};

/** A few words on one line; none of them clears the field. */
export const line: Writing = {
  show: value => value,
  toText: value => value,
  toValue: text => (text.trim() === '' ? null : text.trim()),
  problem: '',
};

/** Prose that has to be there. */
export const requiredProse: Writing = {
  ...prose,
  toValue: text => (text.trim() === '' ? undefined : text.trim()),
  problem: strings.field.needed,
};

/** Prose in a field that may be without. */
export const optionalProse: Writing = {
  ...prose,
  toValue: text => (text.trim() === '' ? null : text.trim()),
};

/** One line that has to be there. */
export const name: Writing = {
  ...line,
  toValue: text => (text.trim() === '' ? undefined : text.trim()),
  problem: strings.field.needed,
};

export const amount: Writing = {
  show: money,
  toText: value => value,
  toValue: text => (text.trim() === '' ? null : parseMoney(text)),
  problem: strings.field.notMoney,
  input: { inputMode: 'decimal', placeholder: '0.00' },
};

export const date: Writing = {
  show: moment,
  toText: toLocalInput,
  toValue: text => (text === '' ? null : fromLocalInput(text)),
  problem: '',
  input: { type: 'datetime-local' },
};
