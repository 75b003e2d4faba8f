import { Button } from '@mantine/core';
import { mayAssign, mayTake, type WorkOrder } from '@shopbell/client';
import { Choice } from '../field/Choice.tsx';
import { Field } from '../field/Field.tsx';
import { useFieldEdit, type Editing } from '../field/useFieldEdit.ts';
import { Flash } from '../look/Flash.tsx';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { useTechnicians } from '../people/useStaff.ts';

import styles from './TechnicianField.module.css';

const words = strings.workOrder;

interface Props {
  order: WorkOrder;
  editing: Editing<WorkOrder>;
}

/** Who has the order: chosen by the office, taken and handed back by technicians. */
export function TechnicianField({ order, editing }: Props) {
  const user = useUser();
  const edit = useFieldEdit(order, 'technician_id', editing);
  const options = useOptions(order);
  const nameOf = (id: number | null) =>
    options.find(({ value }) => value === id)?.name ?? strings.roles.technician;

  return (
    <Field label={words.technician} edit={edit} show={nameOf}>
      <Flash value={edit.current} isWide={mayAssign(user)}>
        {mayAssign(user) ? (
          <Choice label={words.technician} edit={edit} options={options} />
        ) : (
          <span className={styles.name}>{nameOf(edit.current)}</span>
        )}
      </Flash>
      {mayTake(user, order) && (
        <Button size="xs" className={styles.own} loading={edit.isSaving} onClick={() => edit.save(user.id)}>
          {words.take}
        </Button>
      )}
      {user.role === 'technician' && order.technician_id === user.id && (
        <Button
          size="xs"
          variant="default"
          className={styles.own}
          loading={edit.isSaving}
          onClick={() => edit.save(null)}
        >
          {words.handBack}
        </Button>
      )}
    </Field>
  );
}

function useOptions(order: WorkOrder): { value: number | null; name: string }[] {
  const technicians = useTechnicians();
  const options = technicians.map(({ id, name }) => ({ value: id as number | null, name }));
  const isListed = technicians.some(({ id }) => id === order.technician_id);
  // The list may still be on its way, or the person no technician by role: admins repair too.
  if (order.technician_id !== null && !isListed) {
    options.unshift({ value: order.technician_id, name: order.technician_name ?? '' });
  }
  return [{ value: null, name: words.nobody }, ...options];
}
