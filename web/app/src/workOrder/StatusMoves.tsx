import { Button } from '@mantine/core';
import { useState } from 'react';
import { mayEdit, movesFrom, type Status, type WorkOrder } from '@shopbell/client';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { Field } from './Field.tsx';
import { useFieldEdit } from './useFieldEdit.ts';
import styles from './StatusMoves.module.css';

const words = strings.workOrder;

/** There is no legal way back from these. */
type Final = 'cancelled' | 'picked_up';

const isFinal = (status: Status): status is Final => status === 'cancelled' || status === 'picked_up';

interface Props {
  order: WorkOrder;
  setWorkOrder: (row: WorkOrder) => void;
}

/** Where the order may go from here, the usual next step first. */
export function StatusMoves({ order, setWorkOrder }: Props) {
  const user = useUser();
  const edit = useFieldEdit(order, 'status', setWorkOrder);
  const [asked, setAsked] = useState<Final | null>(null);
  const moves = movesFrom(order.status);

  function choose(status: Status) {
    if (isFinal(status)) setAsked(status);
    else edit.save(status);
  }

  return (
    <Field label={words.next} edit={edit} show={status => strings.statuses[status]}>
      {moves.length === 0 && <p className={styles.hint}>{words.closed}</p>}
      {moves.length > 0 && !mayEdit(user, 'status', order) && <p className={styles.hint}>{words.notYours}</p>}
      {mayEdit(user, 'status', order) && (
        <div className={styles.moves}>
          {moves.map((status, place) => (
            <Button
              key={status}
              size="sm"
              variant={place === 0 ? 'filled' : 'default'}
              className={status === 'cancelled' || status === 'declined' ? styles.ending : undefined}
              disabled={edit.isSaving || needsTechnician(order, status)}
              onClick={() => choose(status)}
            >
              {strings.moves[status]}
            </Button>
          ))}
        </div>
      )}
      {moves.some(status => needsTechnician(order, status)) && mayEdit(user, 'status', order) && (
        <p className={styles.hint}>{words.needsTechnician}</p>
      )}
      {asked !== null && moves.includes(asked) && (
        <Confirm
          {...words.confirm[asked]}
          onYes={() => {
            setAsked(null);
            edit.save(asked);
          }}
          onNo={() => setAsked(null)}
        />
      )}
    </Field>
  );
}

const needsTechnician = (order: WorkOrder, status: Status) =>
  order.status === 'pending' && status === 'in_progress' && order.technician_id === null;

interface ConfirmProps {
  question: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}

function Confirm({ question, yes, onYes, onNo }: ConfirmProps) {
  return (
    <div role="alertdialog" aria-label={question} className={styles.confirm}>
      <p>{question}</p>
      <Button size="xs" autoFocus variant="default" onClick={onNo}>
        {words.confirm.no}
      </Button>
      <Button size="xs" onClick={onYes}>
        {yes}
      </Button>
    </div>
  );
}
