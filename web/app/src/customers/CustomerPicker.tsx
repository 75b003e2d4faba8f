import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { mayEditCustomers, type Customer } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { Avatar } from '../look/Avatar.tsx';
import { SearchIcon } from '../look/icons.tsx';
import { Suggestions } from '../look/Suggestions.tsx';
import { useSuggestions } from '../look/useSuggestions.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { CustomerFields, noCustomer, type CustomerDraft } from './CustomerFields.tsx';
import { useCustomers } from './useCustomers.ts';
import styles from './CustomerPicker.module.css';

const words = strings.customers.picker;
const PAUSE_MS = 200;
const MOST = 8;

/** Who the device belongs to: somebody known, somebody new, or not said yet. */
export type CustomerChoice =
  { kind: 'none' } | { kind: 'known'; id: number } | { kind: 'new'; draft: CustomerDraft };

interface Props {
  choice: CustomerChoice;
  onChange: (choice: CustomerChoice) => void;
  error: string | null;
  problemOf: (field: string) => string | null;
}

/** Finds a customer by name or phone, or takes a new one in, without leaving the form. */
export function CustomerPicker({ choice, onChange, error, problemOf }: Props) {
  const again = () => onChange({ kind: 'none' });
  switch (choice.kind) {
    case 'none':
      return <Search error={error} onChange={onChange} />;
    case 'known':
      return <Known id={choice.id} onAgain={again} />;
    case 'new':
      return (
        <fieldset className={styles.fresh}>
          <legend>{words.fresh}</legend>
          <CustomerFields
            isShort
            draft={choice.draft}
            onChange={draft => onChange({ kind: 'new', draft })}
            problemOf={problemOf}
          />
          <Button size="xs" variant="default" className={styles.again} onClick={again}>
            {words.change}
          </Button>
        </fieldset>
      );
  }
}

function Known({ id, onAgain }: { id: number; onAgain: () => void }) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => client.api.customer(id, signal),
  });
  return (
    <div>
      <div className={styles.label}>{words.label}</div>
      <div className={styles.known}>
        <Avatar name={data?.data.name ?? ''} />
        <div className={styles.who}>
          <strong>{data?.data.name}</strong>
          {data?.data.phone && <span>{data.data.phone}</span>}
        </div>
        {/* Takes the focus that the search had. */}
        <Button size="xs" variant="default" autoFocus onClick={onAgain}>
          {words.change}
        </Button>
      </div>
    </div>
  );
}

type Option = { kind: 'known'; customer: Customer } | { kind: 'new' };

interface SearchProps {
  error: string | null;
  onChange: (choice: CustomerChoice) => void;
}

function Search({ error, onChange }: SearchProps) {
  const mayCreate = mayEditCustomers(useUser());
  const [text, setText] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const wanted = text.trim();
  const search = usePaused(wanted);
  const found = useCustomers(search, isOpen && search !== '', MOST);
  // Until the answer to these very words is here nothing may be chosen: Enter would take whoever stood there before.
  const isAnswered = wanted === '' || (search === wanted && !found.isLoading && !found.isStale);

  const known = wanted === '' ? [] : found.rows.map(customer => ({ kind: 'known' as const, customer }));
  const options: Option[] =
    isOpen && isAnswered ? [...known, ...(mayCreate ? [{ kind: 'new' as const }] : [])] : [];

  function choose(option: Option) {
    if (option.kind === 'known') onChange({ kind: 'known', id: option.customer.id });
    else onChange({ kind: 'new', draft: { ...noCustomer, ...guess(wanted) } });
  }

  const suggestions = useSuggestions({ options, onChoose: choose, onClose: () => setIsOpen(false) });
  const isNobody = isOpen && wanted !== '' && isAnswered && known.length === 0;
  const nobody =
    found.error !== null ? strings.refusal(found.error) : mayCreate ? words.nothing : words.askOffice;
  return (
    <div className={styles.search}>
      <TextInput
        {...suggestions.input}
        label={words.label}
        placeholder={mayCreate ? words.placeholder : words.placeholderNameOnly}
        description={isNobody ? nobody : undefined}
        size="md"
        leftSection={<SearchIcon />}
        value={text}
        error={error}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onChange={event => {
          setText(event.currentTarget.value);
          setIsOpen(true);
        }}
        onKeyDown={suggestions.onKeyDown}
      />
      <Suggestions
        label={words.options}
        options={options}
        state={suggestions}
        keyOf={option => (option.kind === 'known' ? option.customer.id : 'new')}
        onChoose={choose}
      >
        {option =>
          option.kind === 'known' ? (
            <>
              <strong>{option.customer.name}</strong>
              <span className={styles.contact}>{option.customer.phone ?? option.customer.email}</span>
            </>
          ) : (
            <span className={styles.create}>+ {words.create(wanted)}</span>
          )
        }
      </Suggestions>
    </div>
  );
}

/** What was typed may be the name or the phone. */
function guess(text: string): Partial<CustomerDraft> {
  return /^[+\d][\d\s/()-]*$/.test(text) ? { phone: text } : { name: text };
}

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
