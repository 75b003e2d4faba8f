import { Textarea, TextInput } from '@mantine/core';
import type { NewCustomer } from '@shopbell/client';
import { strings } from '../strings.ts';

const words = strings.customers;

/** What is written in the form of a new customer; all of it text. */
export type CustomerDraft = Record<'name' | 'phone' | 'email' | 'address' | 'notes', string>;

export const noCustomer: CustomerDraft = { name: '', phone: '', email: '', address: '', notes: '' };

/** As the server takes it: what was left empty is left out. */
export function toNewCustomer({ name, ...rest }: CustomerDraft): NewCustomer {
  const given = Object.entries(rest)
    .map(([field, text]) => [field, text.trim()] as const)
    .filter(([, text]) => text !== '');
  return { name: name.trim(), ...Object.fromEntries(given) };
}

interface Props {
  draft: CustomerDraft;
  onChange: (draft: CustomerDraft) => void;
  problemOf: (field: string) => string | null;
  size?: 'sm' | 'md';
  /** At the counter, with somebody waiting. */
  isShort?: boolean;
}

export function CustomerFields({ draft, onChange, problemOf, size = 'md', isShort = false }: Props) {
  const text = (field: keyof CustomerDraft) => ({
    label: words[field],
    name: field,
    size,
    value: draft[field],
    error: problemOf(field),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...draft, [field]: currentTarget.value }),
  });
  return (
    <>
      <TextInput {...text('name')} required withAsterisk={false} autoComplete="off" autoFocus />
      <TextInput {...text('phone')} type="tel" autoComplete="off" />
      <TextInput {...text('email')} type="email" autoComplete="off" />
      {!isShort && (
        <>
          <Textarea {...text('address')} autosize minRows={2} />
          <Textarea {...text('notes')} autosize minRows={2} />
        </>
      )}
    </>
  );
}
