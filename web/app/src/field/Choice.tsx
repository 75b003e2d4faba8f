import { Button, NativeSelect } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { strings } from '../strings.ts';
import type { FieldEdit } from './useFieldEdit.ts';
import styles from './Choice.module.css';

interface Option<Value> {
  value: Value;
  name: string;
}

interface Props<Value> {
  label: string;
  edit: FieldEdit<Value>;
  options: readonly Option<Value>[];
  /** Before the chosen one's name. */
  mark?: (value: Value) => ReactNode;
}

/**
 * One of a few. A choice by pointer is meant and saved at once; the arrow keys pass over every value on the way to one,
 * so from them it is saved by Enter or the button.
 */
export function Choice<Value extends string | number | null>({ label, edit, options, mark }: Props<Value>) {
  const isByKeyboard = useRef(false);
  const chosen = edit.isEditing && !edit.isConflict ? (edit.draft as Value) : edit.current;
  const isOpen = edit.isEditing && !edit.isSaving && !edit.isConflict;

  function choose(value: Value) {
    if (edit.isSaving) return;
    if (isByKeyboard.current) edit.change(value);
    else edit.save(value);
  }

  return (
    <>
      <NativeSelect
        aria-label={label}
        value={String(chosen)}
        leftSection={mark?.(chosen)}
        onPointerDown={() => {
          isByKeyboard.current = false;
        }}
        onKeyDown={event => {
          isByKeyboard.current = true;
          if (event.key === 'Enter' && isOpen) edit.save(chosen);
          if (event.key === 'Escape' && isOpen) edit.cancel();
        }}
        onChange={event => {
          const option = options.find(({ value }) => String(value) === event.currentTarget.value);
          if (option !== undefined) choose(option.value);
        }}
      >
        {options.map(({ value, name }) => (
          <option key={String(value)} value={String(value)}>
            {name}
          </option>
        ))}
      </NativeSelect>
      {isOpen && chosen !== edit.current && (
        <div className={styles.buttons}>
          <Button size="xs" onClick={() => edit.save(chosen)}>
            {strings.field.save}
          </Button>
          <Button size="xs" variant="default" onClick={edit.cancel}>
            {strings.field.cancel}
          </Button>
        </div>
      )}
    </>
  );
}
