import { Button, NativeSelect } from '@mantine/core';
import { mayAssign, mayTake, type WorkOrder } from '@shopbell/client';
import { Flash } from '../look/Flash.tsx';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { useTechnicians } from '../workOrders/useTechnicians.ts';
import { Field } from './Field.tsx';
import { useFieldEdit, type FieldEdit } from './useFieldEdit.ts';
import styles from './TechnicianField.module.css';

const words = strings.workOrder;

interface Props {
  order: WorkOrder;
  setWorkOrder: (row: WorkOrder) => void;
}

/** Who has the order: chosen by the office, taken and handed back by technicians. */
export function TechnicianField({ order, setWorkOrder }: Props) {
  const user = useUser();
  const edit = useFieldEdit(order, 'technician_id', setWorkOrder);
  const technicians = useTechnicians();
  const nameOf = (id: number | null) =>
    id === null
      ? words.nobody
      : id === order.technician_id
        ? order.technician_name
        : technicians.find(technician => technician.id === id)?.name;

  return (
    <Field label={words.technician} edit={edit} show={nameOf}>
      <Flash value={edit.current} isWide>
        {mayAssign(user) ? (
          <Choice order={order} edit={edit} />
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

function Choice({ order, edit }: { order: WorkOrder; edit: FieldEdit<number | null> }) {
  const technicians = useTechnicians();
  const chosen = edit.isEditing ? edit.draft : edit.current;
  const isListed = technicians.some(({ id }) => id === order.technician_id);
  return (
    <NativeSelect
      aria-label={words.technician}
      value={chosen ?? ''}
      disabled={edit.isSaving}
      onChange={({ currentTarget: { value } }) => edit.save(value === '' ? null : Number(value))}
    >
      <option value="">{words.nobody}</option>
      {/* The list may still be on its way, or the person no longer on it. */}
      {order.technician_id !== null && !isListed && (
        <option value={order.technician_id}>{order.technician_name}</option>
      )}
      {technicians.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}
