import { Button, NativeSelect } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useOutbox } from '@shopbell/react';
import { LinkButton } from '../look/LinkButton.tsx';
import { List } from '../look/List.tsx';
import { SearchField } from '../look/SearchField.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { OutboxList } from '../outbox/OutboxList.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { strings } from '../strings.ts';
import { parseTicketFilter, ticketStatuses, type TicketListFilter } from './filter.ts';
import { TicketRow } from './TicketRow.tsx';
import { useTicketList } from './useTicketList.ts';
import styles from './TicketsPage.module.css';

const route = getRouteApi('/shell/tickets');
const words = strings.tickets;

export function TicketsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  // They have no number yet, so they stand before those that have one.
  const unsent = useOutbox().items.filter(
    ({ command, done }) => command.kind === 'new_ticket' && done === null,
  );
  const list = useTicketList(filter);
  const change = (next: TicketListFilter) =>
    void navigate({ search: parseTicketFilter({ ...next }), replace: true });
  const isFiltered = Object.keys(filter).length > 0;
  const empty = (
    <Nothing
      title={words.emptyTitle}
      text={isFiltered ? words.emptyFiltered : words.emptyIntake}
      action={isFiltered && <Button onClick={() => change({})}>{words.clear}</Button>}
    />
  );
  return (
    <>
      <PageHead title={words.title} count={!list.isLoading && words.shown(list.rows.length, !list.hasMore)}>
        <LinkButton to="/tickets/new">{words.add}</LinkButton>
      </PageHead>
      <search className={styles.filters} aria-label={words.filters}>
        <SearchField
          className={styles.search}
          label={words.searchName}
          placeholder={words.search}
          value={filter.search ?? ''}
          onChange={search => change({ ...filter, search })}
        />
        <NativeSelect
          className={styles.status}
          aria-label={words.status}
          value={filter.status ?? 'intake'}
          onChange={event =>
            change({
              ...filter,
              status: event.currentTarget.value as NonNullable<TicketListFilter['status']>,
            })
          }
        >
          {ticketStatuses.map(status => (
            <option key={status} value={status}>
              {strings.ticketStatuses[status]}
            </option>
          ))}
          <option value="all">{words.all}</option>
        </NativeSelect>
      </search>
      {unsent.length > 0 && (
        <section className={styles.unsent} aria-label={strings.outbox.title}>
          <OutboxList items={unsent} />
        </section>
      )}
      <List list={list} label={words.title} words={words} empty={empty}>
        {list.rows.map(row => (
          <TicketRow key={row.id} row={row} />
        ))}
      </List>
    </>
  );
}
