import { priorities, type Priority, type WorkOrder } from '@shopbell/client';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { strings } from '../strings.ts';
import { Choice } from './Choice.tsx';
import { Field } from './Field.tsx';
import { useFieldEdit } from './useFieldEdit.ts';

const label = strings.workOrder.priority;
const options = priorities.map(value => ({ value, name: strings.priorities[value] }));

const mark = (priority: Priority) => <PriorityMark priority={priority} isMarkOnly />;

interface Props {
  order: WorkOrder;
  setWorkOrder: (row: WorkOrder) => void;
  mayEdit: boolean;
}

export function PriorityField({ order, setWorkOrder, mayEdit }: Props) {
  const edit = useFieldEdit(order, 'priority', setWorkOrder);
  return (
    <Field label={label} edit={edit} show={value => strings.priorities[value]}>
      <Flash value={edit.current} isWide={mayEdit}>
        {mayEdit ? (
          <Choice label={label} edit={edit} options={options} mark={mark} />
        ) : (
          <PriorityMark priority={edit.current} />
        )}
      </Flash>
    </Field>
  );
}
