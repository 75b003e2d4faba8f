import { Button } from '@mantine/core';
import { useState } from 'react';
import { mayEdit, movesFrom, needsTechnician, type Status, type WorkOrder } from '@shopbell/client';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { Confirm } from '../field/Confirm.tsx';
import { Field } from '../field/Field.tsx';
import { useFieldEdit, type Editing } from '../field/useFieldEdit.ts';
import { isFinal, type Final } from './final.ts';
import styles from './StatusMoves.module.css';

const words = strings.workOrder;

interface Props {
  order: WorkOrder;
  editing: Editing<WorkOrder>;
}

/** Where the order may go from here, the usual next step first. */
export function StatusMoves({ order, editing }: Props) {
  const user = useUser();
  const edit = useFieldEdit(order, 'status', editing);
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
          no={words.confirm.no}
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
