import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  mayEditCustomers,
  mayOpenWorkOrders,
  type Answer,
  type ApiError,
  type Customer,
} from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { WrittenField } from '../field/WrittenField.tsx';
import { line, name, optionalProse } from '../field/writing.ts';
import { Facts, Moment } from '../look/Facts.tsx';
import { BackIcon } from '../look/icons.tsx';
import { LinkButton } from '../look/LinkButton.tsx';
import { useUser } from '../session/useSession.ts';
import { isId } from '../shell/isId.ts';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { PageTitle } from '../shell/PageTitle.tsx';
import { Part } from '../shell/Part.tsx';
import { strings } from '../strings.ts';
import { CustomerJobs } from './CustomerJobs.tsx';
import styles from './CustomerPage.module.css';

const route = getRouteApi('/shell/customers/$id');
const words = strings.customers;

export function CustomerPage() {
  const { id } = route.useParams();
  return isId(id) ? <CustomerById key={id} id={Number(id)} /> : <NotFoundPage />;
}

function CustomerById({ id }: { id: number }) {
  const client = useClient();
  const { data, error, refetch } = useQuery<Answer<Customer>, ApiError>({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => client.api.customer(id, signal),
  });
  if (error?.code === 'not_found') return <NotFoundPage />;
  if (data === undefined && error !== null) {
    const retry = <Button onClick={() => void refetch()}>{strings.failure.retry}</Button>;
    return <Nothing isPage isFailure title={words.failedOne} text={strings.refusal(error)} action={retry} />;
  }
  return (
    <>
      <Link to="/customers" className={styles.back}>
        <BackIcon />
        {words.back}
      </Link>
      {data === undefined ? (
        <section aria-busy aria-label={words.loading}>
          <Skeleton height={28} width="40%" mb={24} />
          <Skeleton height={200} />
        </section>
      ) : (
        <CustomerSheet customer={data.data} />
      )}
    </>
  );
}

function CustomerSheet({ customer }: { customer: Customer }) {
  const client = useClient();
  const queries = useQueryClient();
  const user = useUser();
  const mayEdit = mayEditCustomers(user);
  const written = {
    row: customer,
    mayEdit,
    editing: {
      patch: (row: Customer, patch: Partial<Customer>) =>
        client.api.patchCustomer(row.id, patch, { version: row.version }),
      put: (row: Customer) => {
        queries.setQueryData<Answer<Customer>>(
          ['customer', row.id],
          before => before && { ...before, data: row },
        );
        void queries.invalidateQueries({ queryKey: ['customers'] });
      },
    },
  };
  return (
    <article className={styles.sheet}>
      <PageTitle>{customer.name}</PageTitle>
      <header className={styles.head}>
        <h1>{customer.name}</h1>
        <div className={styles.actions}>
          <LinkButton to="/tickets/new" search={{ customer: customer.id }}>
            {words.newTicket}
          </LinkButton>
          {mayOpenWorkOrders(user) && (
            <LinkButton variant="default" to="/work-orders/new" search={{ customer: customer.id }}>
              {words.newOrder}
            </LinkButton>
          )}
        </div>
      </header>
      <section className={styles.card}>
        {mayEdit && (
          <>
            <WrittenField {...written} field="name" label={words.name} writing={name} />
            <WrittenField {...written} field="phone" label={words.phone} writing={line} />
            <WrittenField {...written} field="email" label={words.email} writing={line} />
            <WrittenField {...written} field="address" label={words.address} writing={optionalProse} />
          </>
        )}
        <WrittenField {...written} field="notes" label={words.notes} writing={optionalProse} />
        <Facts>
          <Moment name={words.since} at={customer.created_at} />
        </Facts>
      </section>
      <div className={styles.jobs}>
        <Part>
          <CustomerJobs id={customer.id} />
        </Part>
      </div>
    </article>
  );
}
