import { useState } from 'react';
import { ApiError, SignedOut, type OutboxItem } from '@shopbell/client';
import { useCommandState } from '@shopbell/react';

/** A row that a page changes a field at a time. */
export interface Row {
  id: number;
  version: number;
}

/** How such a row is written, over what the person saw, and where the answer goes. */
export interface Editing<R extends Row> {
  /** `null`: the change is kept on this device, and shows there. */
  patch: (row: R, patch: Partial<R>) => Promise<{ data: R } | null>;
  put: (row: R) => void;
  /** What kind of row it is, if its changes are kept on this device until they are sent. */
  kept?: 'work_order' | 'ticket';
}

interface Edit<Value> {
  /** What the field held when the person began. */
  base: Value;
  draft: Value;
}

export interface FieldEdit<Value> {
  field: string;
  current: Value;
  /** What the person has written or chosen; `null` while they are not at it. */
  draft: Value | null;
  isEditing: boolean;
  isSaving: boolean;
  error: ApiError | null;
  /** Where the person's latest change of this field stands. */
  command: OutboxItem | null;
  /** The field was changed under the person's hands. */
  isConflict: boolean;
  begin: () => void;
  change: (draft: Value) => void;
  save: (value: Value) => void;
  keepTheirs: () => void;
  takeMine: () => void;
  cancel: () => void;
}

/**
 * One field in a person's hands. It is written only over the value that they saw: a change of another field by somebody
 * else meanwhile does not matter, a change of this one is theirs to settle.
 */
export function useFieldEdit<R extends Row, Name extends keyof R & string>(
  row: R,
  field: Name,
  { patch, put, kept }: Editing<R>,
): FieldEdit<R[Name]> {
  type Value = R[Name];
  const [edit, setEdit] = useState<Edit<Value> | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const command = useCommandState(kept ?? null, row.id, field);
  const current = row[field];

  async function write(value: Value, over: R): Promise<void> {
    const base = over[field];
    try {
      const answer = await patch(over, { [field]: value } as unknown as Partial<R>);
      if (answer !== null) put(answer.data);
      setEdit(null);
    } catch (refusal) {
      if (!(refusal instanceof ApiError) || refusal.code !== 'version_mismatch') throw refusal;
      const now = refusal.data as R;
      put(now);
      // Somebody changed the row, but not this field: the person's wish stands.
      if (now[field] === base) await write(value, now);
    }
  }

  async function save(value: Value, base: Value = edit?.base ?? current): Promise<void> {
    const wasEditing = edit !== null;
    setEdit({ base, draft: value });
    // What came in while the person wrote is shown as a conflict, and settled before anything is sent.
    if (base !== current) return;
    if (value === current) {
      setEdit(null);
      return;
    }
    setError(null);
    setIsSaving(true);
    try {
      await write(value, row);
    } catch (refusal) {
      // What was chosen in one press is undone by a refusal; what was written stays to be saved again.
      if (!wasEditing) setEdit(null);
      if (refusal instanceof ApiError) setError(refusal);
      else if (!(refusal instanceof SignedOut)) throw refusal;
    } finally {
      setIsSaving(false);
    }
  }

  return {
    field,
    current,
    draft: edit === null ? null : edit.draft,
    isEditing: edit !== null,
    isSaving,
    error,
    command,
    isConflict: edit !== null && !isSaving && current !== edit.base,
    begin: () => {
      setError(null);
      setEdit({ base: current, draft: current });
    },
    change: draft => setEdit(before => ({ base: before === null ? current : before.base, draft })),
    save: value => void save(value),
    keepTheirs: () => setEdit(null),
    takeMine: () => {
      if (edit !== null) void save(edit.draft, current);
    },
    cancel: () => {
      setError(null);
      setEdit(null);
    },
  };
}
