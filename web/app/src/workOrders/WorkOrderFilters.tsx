import { Button, Menu, NativeSelect } from '@mantine/core';
import { priorities, statuses, type Status } from '@shopbell/client';
import { ChevronIcon } from '../look/icons.tsx';
import { SearchField } from '../look/SearchField.tsx';
import { useTechnicians } from '../people/useStaff.ts';
import { strings } from '../strings.ts';
import { openStatuses, statusesOf, statusParameter, type ListFilter } from './filter.ts';
import styles from './WorkOrderFilters.module.css';

const words = strings.workOrders;

interface Props {
  filter: ListFilter;
  /** The board shows the statuses as its columns. */
  hasStatus?: boolean;
  onChange: (filter: ListFilter) => void;
}

export function WorkOrderFilters({ filter, hasStatus = true, onChange }: Props) {
  return (
    <search className={styles.filters} aria-label={words.filters}>
      <SearchField
        className={styles.search}
        label={words.searchName}
        placeholder={words.search}
        value={filter.search ?? ''}
        onChange={search => onChange(withField(filter, 'search', search === '' ? undefined : search))}
      />
      {hasStatus && (
        <StatusField
          filter={filter}
          onChange={chosen => onChange(withField(filter, 'status', statusParameter(chosen)))}
        />
      )}
      <TechnicianField
        value={filter.technician}
        onChange={technician => onChange(withField(filter, 'technician', technician))}
      />
      <NativeSelect
        className={styles.priority}
        aria-label={words.priority}
        value={filter.priority ?? ''}
        onChange={({ currentTarget }) =>
          onChange(
            withField(
              filter,
              'priority',
              priorities.find(name => name === currentTarget.value),
            ),
          )
        }
      >
        <option value="">{words.anyPriority}</option>
        {priorities.toReversed().map(name => (
          <option key={name} value={name}>
            {strings.priorities[name]}
          </option>
        ))}
      </NativeSelect>
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
