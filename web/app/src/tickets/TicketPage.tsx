import { Button, Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { withPending } from '@shopbell/client';
import { useClient, useLive, useOutboxItems, useReading } from '@shopbell/react';
import { BackIcon } from '../look/icons.tsx';
import { isId } from '../shell/isId.ts';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import { TicketSheet } from './TicketSheet.tsx';
import styles from './TicketPage.module.css';

const route = getRouteApi('/shell/tickets/$id');
const words = strings.tickets;

export function TicketPage() {
  const { id } = route.useParams();
  return isId(id) ? <TicketById key={id} id={Number(id)} /> : <NotFoundPage />;
}

function TicketById({ id }: { id: number }) {
  const client = useClient();
  const row = useLive(state => state.tickets.get(id)?.row) ?? null;
  const items = useOutboxItems();
  const ticket = useMemo(() => row && withPending('ticket', row, items), [row, items]);
  const isRemoved = useLive(state => state.removedTickets.has(id));
  const { error } = useReading(client.ticket(id));
  const [wasSeen, setWasSeen] = useState(ticket !== null);
  if (ticket !== null && !wasSeen) setWasSeen(true);

  if (isRemoved && wasSeen) {
    const back = <Link to="/tickets">{words.back}</Link>;
    return (
      <>
        <PageTitle>{words.removedTitle}</PageTitle>
        <Nothing isPage isFailure title={words.removedTitle} text={words.removedText} action={back} />
      </>
    );
  }
  if (isRemoved || error?.code === 'not_found') return <NotFoundPage />;
  if (ticket === null && error !== null) {
    const retry = <Button onClick={() => void client.ticket(id).refresh()}>{strings.failure.retry}</Button>;
    return <Nothing isPage isFailure title={words.failedOne} text={strings.refusal(error)} action={retry} />;
  }
  return (
    <>
      <Link to="/tickets" className={styles.back}>
        <BackIcon />
        {words.back}
      </Link>
      {ticket === null ? (
        <section aria-busy aria-label={words.loading}>
          <Skeleton height={28} width="50%" mb={24} />
          <Skeleton height={220} />
        </section>
      ) : (
        <TicketSheet ticket={ticket} />
      )}
    </>
  );
}
