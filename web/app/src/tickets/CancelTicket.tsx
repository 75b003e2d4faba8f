import { Button } from '@mantine/core';
import { useState } from 'react';
import { mayCancel, type Ticket } from '@shopbell/client';
import { Confirm } from '../field/Confirm.tsx';
import { useFieldEdit, type Editing, type FieldEdit } from '../field/useFieldEdit.ts';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { Refused } from '../outbox/Refused.tsx';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import styles from './TicketPage.module.css';

const words = strings.tickets.cancel;

export function CancelTicket({ ticket, editing }: { ticket: Ticket; editing: Editing<Ticket> }) {
  const user = useUser();
  const edit: FieldEdit<Ticket['status']> = useFieldEdit(ticket, 'status', editing);
  const [isAsked, setIsAsked] = useState(false);
  if (!mayCancel(user, ticket)) return <CommandMark item={edit.command} />;
  return (
    <div>
      {isAsked ? (
        <Confirm
          question={words.question}
          yes={words.yes}
          no={words.no}
          isBusy={edit.isSaving}
          onYes={() => edit.save('cancelled')}
          onNo={() => setIsAsked(false)}
        />
      ) : (
        <Button variant="default" size="xs" className={styles.ending} onClick={() => setIsAsked(true)}>
          {words.start}
        </Button>
      )}
      {edit.error !== null && (
        <p role="alert" className={styles.error}>
          {strings.refusal(edit.error)}
        </p>
      )}
      {edit.command?.state === 'refused' && (
        <Refused item={edit.command}>{strings.ticketStatuses.cancelled}</Refused>
      )}
    </div>
  );
}
