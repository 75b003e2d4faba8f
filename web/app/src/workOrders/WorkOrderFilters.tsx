import { Button, Menu, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { statuses, type Status } from '@shopbell/client';
import { ChevronIcon, SearchIcon } from '../look/icons.tsx';
import { strings } from '../strings.ts';
import { openStatuses, statusesOf, statusParameter, type ListFilter } from './filter.ts';
import { useTechnicians } from './useTechnicians.ts';
import styles from './WorkOrderFilters.module.css';

const words = strings.workOrders;

/** How long a person pauses before a search is asked for, in milliseconds. */
const PAUSE_MS = 250;

interface Props {
  filter: ListFilter;
  onChange: (filter: ListFilter) => void;
}

export function WorkOrderFilters({ filter, onChange }: Props) {
  return (
    <search className={styles.filters} aria-label={words.filters}>
      <SearchField
        value={filter.search ?? ''}
        onChange={search => onChange(withField(filter, 'search', search === '' ? undefined : search))}
      />
      <StatusField
        filter={filter}
        onChange={chosen => onChange(withField(filter, 'status', statusParameter(chosen)))}
      />
      <TechnicianField
        value={filter.technician}
        onChange={technician => onChange(withField(filter, 'technician', technician))}
      />
    </search>
  );
}

function withField<Name extends keyof ListFilter>(
  filter: ListFilter,
  name: Name,
  value: ListFilter[Name] | undefined,
) {
  const { [name]: _, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function SearchField({ value, onChange }: { value: string; onChange: (search: string) => void }) {
  const [text, setText] = useState(value);
  // What comes from elsewhere ("clear filters", the back button) is taken up; the field's own echo is not, because
  // the person may have typed on.
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const search = useEffectEvent((next: string) => {
    setKnown(next);
    onChange(next);
  });
  useEffect(() => {
    if (text.trim() === known) return;
    const timer = setTimeout(() => search(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, known]);
  return (
    <TextInput
      type="search"
      className={styles.search}
      aria-label={words.searchName}
      placeholder={words.search}
      leftSection={<SearchIcon />}
      value={text}
      onChange={event => setText(event.currentTarget.value)}
    />
  );
}

interface StatusFieldProps {
  filter: ListFilter;
  onChange: (chosen: ReadonlySet<Status>) => void;
}

function StatusField({ filter, onChange }: StatusFieldProps) {
  const chosen = new Set(statusesOf(filter) ?? statuses);
  const toggled = (status: Status) =>
    new Set(statuses.filter(other => chosen.has(other) !== (other === status)));
  return (
    <Menu position="bottom-start" width={220} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" className={styles.status} rightSection={<ChevronIcon />}>
          {words.status}: {named(filter)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChange(new Set(openStatuses))}>{words.open}</Menu.Item>
        <Menu.Item onClick={() => onChange(new Set(statuses))}>{words.all}</Menu.Item>
        <Menu.Divider />
        {statuses.map(status => (
          <Menu.CheckboxItem
            key={status}
            className={styles.choice}
            checked={chosen.has(status)}
            onChange={() => onChange(toggled(status))}
          >
            {strings.statuses[status]}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function named(filter: ListFilter): string {
  if (filter.status === undefined) return words.open;
  const chosen = statusesOf(filter);
  const [first, ...others] = chosen ?? [];
  if (first === undefined) return words.all;
  return others.length === 0 ? strings.statuses[first] : `${strings.statuses[first]} +${others.length}`;
}

interface TechnicianFieldProps {
  value: number | undefined;
  onChange: (technician: number | undefined) => void;
}

function TechnicianField({ value, onChange }: TechnicianFieldProps) {
  const technicians = useTechnicians();
  return (
    <NativeSelect
      className={styles.technician}
      aria-label={words.technician}
      value={value ?? ''}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? undefined : Number(currentTarget.value))
      }
    >
      <option value="">{words.anyTechnician}</option>
      {technicians.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}
