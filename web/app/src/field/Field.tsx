import { use, useEffect, type ReactNode } from 'react';
import type { OutboxItem } from '@shopbell/client';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { Refused } from '../outbox/Refused.tsx';
import { strings } from '../strings.ts';
import { FieldActivity } from './FieldActivity.ts';
import type { FieldEdit } from './useFieldEdit.ts';
import { Settle } from './Settle.tsx';
import styles from './Field.module.css';

interface Props<Value> {
  label: string;
  edit: FieldEdit<Value>;
  /** How a value of this field reads. */
  show: (value: Value) => ReactNode;
  children: ReactNode;
}

/** A field with its name, and under it what came between the person and their change. */
export function Field<Value>({ label, edit, show, children }: Props<Value>) {
  const { begin } = use(FieldActivity);
  useEffect(() => (edit.isEditing ? begin() : undefined), [edit.isEditing, begin]);
  return (
    <div className={styles.field} data-saving={edit.isSaving || undefined}>
      <div className={styles.label}>
        {label}
        <CommandMark item={edit.command} />
      </div>
      {children}
      {edit.isConflict && (
        <Settle
          label={label}
          theirs={show(edit.current)}
          mine={show(edit.draft as Value)}
          onKeepTheirs={edit.keepTheirs}
          onTakeMine={edit.takeMine}
        />
      )}
      {edit.error && (
        <p role="alert" className={styles.error}>
          {/* The field's name stands above. */}
          {edit.error.errors[0]?.message ?? strings.refusal(edit.error)}
        </p>
      )}
      {edit.command?.state === 'refused' && (
        <Refused item={edit.command}>{show(wish(edit.command) as Value)}</Refused>
      )}
    </div>
  );

  /** What the person wanted this field to hold. */
  function wish({ command }: OutboxItem): unknown {
    return 'patch' in command ? (command.patch as Record<string, unknown>)[edit.field] : undefined;
  }
}
