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

export const amount: Writing = {
  show: money,
  toText: value => value,
  toValue: text => (text.trim() === '' ? null : parseMoney(text)),
  problem: strings.workOrder.notMoney,
  input: { inputMode: 'decimal', placeholder: '0.00' },
};

export const date: Writing = {
  show: moment,
  toText: toLocalInput,
  toValue: text => (text === '' ? null : fromLocalInput(text)),
  problem: '',
  input: { type: 'datetime-local' },
};
