import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { mayAssign, type Ticket } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { useSubmit } from '../field/useSubmit.ts';
import { useTechnicians } from '../people/useStaff.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import styles from './TicketPage.module.css';

const words = strings.tickets.convert;

/** Makes the ticket a work order: a technician for themselves, the others for anybody or nobody. */
export function ConvertTicket({ ticket }: { ticket: Ticket }) {
  const client = useClient();
  const user = useUser();
  const navigate = useNavigate();
  const technicians = useTechnicians();
  /** What the person has written, if they have: until then it is the customer's own words, also when those change. */
  const [written, setWritten] = useState<string | null>(null);
  const [technician, setTechnician] = useState('');
  const { isBusy, error, submit } = useSubmit();
  const description = written ?? ticket.problem_description;

  function convert() {
    submit(async () => {
      const { data, seq } = await client.api.convertTicket(ticket.id, {
        description: description.trim(),
        priority: ticket.priority,
        ...(mayAssign(user)
          ? { technician_id: technician === '' ? null : Number(technician) }
          : { technician_id: user.id }),
      });
      client.store.apply({ kind: 'work_orders_read', rows: [data], seq });
      await navigate({ to: '/work-orders/$id', params: { id: String(data.id) } });
    });
  }

  return (
    <form
      className={styles.convert}
      aria-label={words.title}
      onSubmit={event => {
        event.preventDefault();
        convert();
      }}
    >
      <div>
        <h2>{words.title}</h2>
        <p className={styles.hint}>{words.hint}</p>
      </div>
      <Textarea
        label={words.description}
        autosize
        minRows={2}
        maxRows={10}
        value={description}
        onChange={event => setWritten(event.currentTarget.value)}
      />
      {mayAssign(user) && (
        <NativeSelect
          label={words.technician}
          value={technician}
          onChange={event => setTechnician(event.currentTarget.value)}
        >
          <option value="">{words.nobody}</option>
          {technicians.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
      )}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {strings.refusal(error)}
        </p>
      )}
      <Button type="submit" loading={isBusy} disabled={description.trim() === ''}>
        {mayAssign(user) ? words.submit : words.take}
      </Button>
    </form>
  );
}
