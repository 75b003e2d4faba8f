import { priorities, type Priority } from '@shopbell/client';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { strings } from '../strings.ts';
import { Choice } from './Choice.tsx';
import { Field } from './Field.tsx';
import { useFieldEdit, type Editing, type FieldEdit, type Row } from './useFieldEdit.ts';

const label = strings.workOrder.priority;
const options = priorities.map(value => ({ value, name: strings.priorities[value] }));

const mark = (priority: Priority) => <PriorityMark priority={priority} isMarkOnly />;

interface Props<R extends Row & { priority: Priority }> {
  row: R;
  editing: Editing<R>;
  mayEdit: boolean;
}

export function PriorityField<R extends Row & { priority: Priority }>({ row, editing, mayEdit }: Props<R>) {
  const edit = useFieldEdit(row, 'priority', editing) as FieldEdit<Priority>;
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
