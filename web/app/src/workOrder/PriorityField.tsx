import { NativeSelect } from '@mantine/core';
import { priorities, type Priority, type WorkOrder } from '@shopbell/client';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { strings } from '../strings.ts';
import { Field } from './Field.tsx';
import { useFieldEdit } from './useFieldEdit.ts';

interface Props {
  order: WorkOrder;
  setWorkOrder: (row: WorkOrder) => void;
  mayEdit: boolean;
}

export function PriorityField({ order, setWorkOrder, mayEdit }: Props) {
  const edit = useFieldEdit(order, 'priority', setWorkOrder);
  const label = strings.workOrder.priority;
  return (
    <Field label={label} edit={edit} show={value => strings.priorities[value]}>
      <Flash value={edit.current} isWide>
        {mayEdit ? (
          <NativeSelect
            aria-label={label}
            value={edit.draft ?? edit.current}
            disabled={edit.isSaving}
            leftSection={<PriorityMark priority={edit.draft ?? edit.current} isMarkOnly />}
            onChange={event => edit.save(event.currentTarget.value as Priority)}
          >
            {priorities.map(priority => (
              <option key={priority} value={priority}>
                {strings.priorities[priority]}
              </option>
            ))}
          </NativeSelect>
        ) : (
          <PriorityMark priority={edit.current} />
        )}
      </Flash>
    </Field>
  );
}
