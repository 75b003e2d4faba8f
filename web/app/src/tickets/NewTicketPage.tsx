import { Button, Textarea, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { uuid, type Priority, type Ticket } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { CustomerPicker, type CustomerChoice } from '../customers/CustomerPicker.tsx';
import { settleOrKeep } from '../customers/settleCustomer.ts';
import { FormPage } from '../field/FormPage.tsx';
import { PriorityChoice } from '../field/PriorityChoice.tsx';
import { useSubmit } from '../field/useSubmit.ts';
import { strings } from '../strings.ts';

const route = getRouteApi('/shell/tickets/new');
const words = strings.tickets;

/** Intake at the counter: who, what, what is wrong. */
export function NewTicketPage() {
  const { customer: given } = route.useSearch();
  const client = useClient();
  const navigate = useNavigate();
  const [customer, setCustomer] = useState<CustomerChoice>(
    given === undefined ? { kind: 'none' } : { kind: 'known', id: given },
  );
  const [device, setDevice] = useState('');
  const [problem, setProblem] = useState('');
  const [notes, setNotes] = useState('');
  const [priority, setPriority] = useState<Priority>('medium');
  const [isAsked, setIsAsked] = useState(false);
  const [customerKey] = useState(uuid);
  const form = useSubmit();
  const missing = (text: string) => (isAsked && text.trim() === '' ? strings.field.needed : null);

  function takeIn() {
    setIsAsked(true);
    if (customer.kind === 'none' || device.trim() === '' || problem.trim() === '') return;
    form.submit(async () => {
      const draft = {
        device: device.trim(),
        problem_description: problem.trim(),
        priority,
        ...(notes.trim() !== '' && { notes: notes.trim() }),
      };
      const answer = await client.outbox.run({
        kind: 'new_ticket',
        ticket: draft,
        customer: await settleOrKeep(client.api, customer, customerKey, setCustomer),
      });
      if (answer === null) await navigate({ to: '/tickets', replace: true });
      else {
        const { id } = answer.data as Ticket;
        await navigate({ to: '/tickets/$id', params: { id: String(id) }, replace: true });
      }
    });
  }

  return (
    <FormPage title={words.add} back={{ to: '/tickets', name: words.back }} form={form} onSubmit={takeIn}>
      <CustomerPicker
        choice={customer}
        onChange={setCustomer}
        error={isAsked && customer.kind === 'none' ? strings.customers.picker.needed : null}
        problemOf={form.problemOf}
      />
      <TextInput
        label={words.device}
        placeholder={words.devicePlaceholder}
        size="md"
        value={device}
        error={missing(device) ?? form.problemOf('device')}
        onChange={event => setDevice(event.currentTarget.value)}
      />
      <Textarea
        label={words.problem}
        placeholder={words.problemPlaceholder}
        size="md"
        autosize
        minRows={3}
        value={problem}
        error={missing(problem) ?? form.problemOf('problem_description')}
        onChange={event => setProblem(event.currentTarget.value)}
      />
      <PriorityChoice label={words.priority} value={priority} onChange={setPriority} />
      <Textarea
        label={words.notes}
        placeholder={words.notesPlaceholder}
        size="md"
        autosize
        minRows={2}
        value={notes}
        error={form.problemOf('notes')}
        onChange={event => setNotes(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={form.isBusy}>
        {words.create}
      </Button>
    </FormPage>
  );
}
