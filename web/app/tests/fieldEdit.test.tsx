import { act, cleanup, renderHook } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, createClient, type WorkOrder, type WorkOrderPatch } from '@shopbell/client';
import { WebSocketProvider } from '@shopbell/react';
import { useFieldEdit } from '../src/field/useFieldEdit.ts';
import * as fixtures from '../../client/tests/fixtures.ts';

const { workOrder } = fixtures;

afterEach(cleanup);

/** A person at the description of an order, and a server that answers as the test says. */
function atDescription(...answers: (WorkOrder | ApiError)[]) {
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  const patch = vi.spyOn(client.api, 'patchWorkOrder').mockImplementation(async () => {
    const answer = answers.shift();
    if (answer === undefined || answer instanceof ApiError) throw answer ?? new Error('asked once too often');
    return fixtures.answer(answer);
  });
  const { result } = renderHook(
    () => {
      const [order, setOrder] = useState(workOrder({ description: 'old' }));
      return {
        order,
        setOrder,
        edit: useFieldEdit(order, 'description', {
          patch: (row, change) =>
            client.api.patchWorkOrder(row.id, change as WorkOrderPatch, { version: row.version }),
          put: setOrder,
        }),
      };
    },
    { wrapper: ({ children }) => <WebSocketProvider client={client}>{children}</WebSocketProvider> },
  );
  return {
    patch,
    edit: () => result.current.edit,
    order: () => result.current.order,
    hear: (row: WorkOrder) => act(() => result.current.setOrder(row)),
    act: (step: (edit: typeof result.current.edit) => void) => act(async () => step(result.current.edit)),
  };
}

const mismatch = (row: WorkOrder) =>
  new ApiError('version_mismatch', 'Someone else changed it first.', 412, {
    body: { status: 'fail', code: 'version_mismatch', message: '', request_id: '', data: row },
  });

describe('one field in a person’s hands', () => {
  test('is written over the version that was seen', async () => {
    const person = atDescription(workOrder({ description: 'mine', version: 2 }));
    await person.act(edit => edit.begin());
    await person.act(edit => edit.save('mine'));
    expect(person.patch.mock.calls).toEqual([[7, { description: 'mine' }, { version: 1 }]]);
    expect(person.order().version).toBe(2);
    expect(person.edit().isEditing).toBe(false);
  });

  test('is not sent when nothing was changed', async () => {
    const person = atDescription();
    await person.act(edit => edit.begin());
    await person.act(edit => edit.save('old'));
    expect(person.patch).not.toHaveBeenCalled();
    expect(person.edit().isEditing).toBe(false);
  });

  test('goes through when somebody changed another field', async () => {
    const person = atDescription(
      mismatch(workOrder({ description: 'old', priority: 'urgent', version: 5 })),
      workOrder({ description: 'mine', priority: 'urgent', version: 6 }),
    );
    await person.act(edit => edit.save('mine'));
    expect(person.patch.mock.calls.map(call => call[2]?.version)).toEqual([1, 5]);
    expect(person.order()).toMatchObject({ description: 'mine', priority: 'urgent' });
  });

  test('shows both values when the server says that this field was changed, and waits for the choice', async () => {
    const person = atDescription(
      mismatch(workOrder({ description: 'theirs', version: 2 })),
      workOrder({ description: 'mine', version: 3 }),
    );
    await person.act(edit => edit.save('mine'));
    expect(person.edit()).toMatchObject({ isConflict: true, draft: 'mine', current: 'theirs' });
    expect(person.patch).toHaveBeenCalledTimes(1);
    await person.act(edit => edit.takeMine());
    expect(person.patch.mock.lastCall).toEqual([7, { description: 'mine' }, { version: 2 }]);
    expect(person.edit()).toMatchObject({ isConflict: false, isEditing: false, current: 'mine' });
  });

  test('shows both values as soon as the change is heard, and sends nothing before the choice', async () => {
    const person = atDescription();
    await person.act(edit => edit.begin());
    await person.act(edit => edit.change('mine'));
    person.hear(workOrder({ description: 'theirs', version: 2 }));
    expect(person.edit()).toMatchObject({ isConflict: true, draft: 'mine', current: 'theirs' });
    await person.act(edit => edit.save('mine'));
    expect(person.patch).not.toHaveBeenCalled();
    await person.act(edit => edit.keepTheirs());
    expect(person.edit()).toMatchObject({ isEditing: false, current: 'theirs' });
  });

  test('that was chosen in one press falls back when the server refuses', async () => {
    const person = atDescription(new ApiError('forbidden', 'You may not do that.', 403));
    await person.act(edit => edit.save('mine'));
    expect(person.edit()).toMatchObject({ isEditing: false, current: 'old' });
    expect(person.edit().error?.code).toBe('forbidden');
  });

  test('stays with the person when the server refuses', async () => {
    const person = atDescription(new ApiError('forbidden', 'You may not do that.', 403));
    await person.act(edit => edit.begin());
    await person.act(edit => edit.save('mine'));
    expect(person.edit()).toMatchObject({
      draft: 'mine',
      isEditing: true,
      isSaving: false,
      isConflict: false,
    });
    expect(person.edit().error?.code).toBe('forbidden');
    await person.act(edit => edit.cancel());
    expect(person.edit()).toMatchObject({ isEditing: false, error: null });
  });
});
