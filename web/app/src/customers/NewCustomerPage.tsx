import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { mayEditCustomers } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { FormPage } from '../field/FormPage.tsx';
import { useSubmit } from '../field/useSubmit.ts';
import { useUser } from '../session/useSession.ts';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { strings } from '../strings.ts';
import { CustomerFields, noCustomer, toNewCustomer } from './CustomerFields.tsx';

const words = strings.customers;

export function NewCustomerPage() {
  return mayEditCustomers(useUser()) ? <NewCustomer /> : <NotFoundPage />;
}

function NewCustomer() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(noCustomer);
  const form = useSubmit();

  function save() {
    form.submit(async () => {
      const { data } = await client.api.createCustomer(toNewCustomer(draft));
      void queries.invalidateQueries({ queryKey: ['customers'] });
      await navigate({ to: '/customers/$id', params: { id: String(data.id) }, replace: true });
    });
  }

  return (
    <FormPage title={words.add} back={{ to: '/customers', name: words.back }} form={form} onSubmit={save}>
      <CustomerFields draft={draft} onChange={setDraft} problemOf={form.problemOf} />
      <Button type="submit" size="md" loading={form.isBusy} disabled={draft.name.trim() === ''}>
        {words.create}
      </Button>
    </FormPage>
  );
}
