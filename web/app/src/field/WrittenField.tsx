import { Button, Textarea, TextInput } from '@mantine/core';
import { use, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Flash } from '../look/Flash.tsx';
import { PencilIcon } from '../look/icons.tsx';
import { strings } from '../strings.ts';
import { Field } from './Field.tsx';
import { FieldActivity } from './FieldActivity.ts';
import { useFieldEdit, type Editing, type FieldEdit, type Row } from './useFieldEdit.ts';
import type { Writing } from './writing.ts';
import styles from './WrittenField.module.css';

const words = strings.field;

/** The fields of a row that hold text, or nothing. */
type TextOf<R> = { [Name in keyof R]: R[Name] extends string | null ? Name : never }[keyof R] & string;

interface Props<R extends Row> {
  row: R;
  editing: Editing<R>;
  field: TextOf<R>;
  label: string;
  mayEdit: boolean;
  writing: Writing;
}

/** A field that is written: shown until somebody presses its pencil, then a form of its own. */
export function WrittenField<R extends Row>({ row, editing, field, label, mayEdit, writing }: Props<R>) {
  const edit = useFieldEdit(row, field, editing) as unknown as FieldEdit<string | null>;
  const activity = use(FieldActivity);
  const show = (value: string | null): ReactNode =>
    value === null || value === '' ? <Unset /> : writing.show(value);
  return (
    <Field label={label} edit={edit} show={show}>
      {edit.isEditing ? (
        <Form
          key={field}
          label={label}
          writing={writing}
          initial={edit.draft}
          isSaving={edit.isSaving}
          // A conflict has buttons of its own.
          hasButtons={!edit.isConflict}
          onChange={value => {
            activity.type(field);
            edit.change(value);
          }}
          onSave={edit.save}
          onCancel={edit.cancel}
        />
      ) : (
        <div className={writing.isLong ? styles.long : styles.shown}>
          <Flash value={edit.current}>{show(edit.current)}</Flash>
          {mayEdit && (
            <button
              type="button"
              className={styles.pencil}
              aria-label={words.edit(label)}
              onClick={edit.begin}
            >
              <PencilIcon />
            </button>
          )}
        </div>
      )}
    </Field>
  );
}

const Unset = () => <span className={styles.unset}>{words.none}</span>;

interface FormProps {
  label: string;
  writing: Writing;
  initial: string | null;
  isSaving: boolean;
  hasButtons: boolean;
  onChange: (value: string | null) => void;
  onSave: (value: string | null) => void;
  onCancel: () => void;
}

function Form({ label, writing, initial, isSaving, hasButtons, onChange, onSave, onCancel }: FormProps) {
  const id = useId();
  const [text, setText] = useState(initial === null ? '' : writing.toText(initial));
  const [problem, setProblem] = useState<string | null>(null);

  function submit() {
    const value = writing.toValue(text);
    if (value === undefined) setProblem(writing.problem);
    else onSave(value);
  }

  function write(next: string) {
    setText(next);
    setProblem(null);
    const value = writing.toValue(next);
    if (value !== undefined) onChange(value);
  }

  function pressed(event: KeyboardEvent) {
    if (event.key === 'Escape') onCancel();
    // Enter writes a new line in a long text, so there it takes the control key along.
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
  }

  const input = {
    id,
    value: text,
    'aria-label': label,
    error: problem,
    disabled: isSaving,
    'data-autofocus': true,
    // Opened by a press of this field's own pencil: the person expects to write.
    autoFocus: true,
    onKeyDown: pressed,
  };
  return (
    <form
      className={writing.isLong ? styles.longForm : styles.form}
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      {writing.isLong ? (
        <Textarea
          {...input}
          autosize
          minRows={3}
          maxRows={14}
          // The person goes on where the text ends.
          onFocus={({ currentTarget }) =>
            currentTarget.setSelectionRange(currentTarget.value.length, currentTarget.value.length)
          }
          onChange={event => write(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...input} {...writing.input} onChange={event => write(event.currentTarget.value)} />
      )}
      {hasButtons && (
        <div className={styles.buttons}>
          <Button size="xs" type="submit" loading={isSaving}>
            {words.save}
          </Button>
          <Button size="xs" variant="default" onClick={onCancel}>
            {words.cancel}
          </Button>
        </div>
      )}
    </form>
  );
}
