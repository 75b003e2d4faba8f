import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type ChangeEvent } from 'react';
import { mayOpenWorkOrders, type Priority } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { CustomerPicker, type CustomerChoice } from '../customers/CustomerPicker.tsx';
import { settleCustomer } from '../customers/settleCustomer.ts';
import { FormPage } from '../field/FormPage.tsx';
import layout from '../field/FormPage.module.css';
import { PriorityChoice } from '../field/PriorityChoice.tsx';
import { useSubmit } from '../field/useSubmit.ts';
import { fromLocalInput, parseMoney } from '../format.ts';
import { useTechnicians } from '../people/useStaff.ts';
import { useUser } from '../session/useSession.ts';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { strings } from '../strings.ts';

const route = getRouteApi('/shell/work-orders/new');
const words = strings.newWorkOrder;

const empty = { device: '', description: '', technician: '', estimate: '', due: '', passcode: '' };

export function NewWorkOrderPage() {
  return mayOpenWorkOrders(useUser()) ? <NewWorkOrder /> : <NotFoundPage />;
}

/** An order that no ticket came before. */
function NewWorkOrder() {
  const { customer: given } = route.useSearch();
  const client = useClient();
  const navigate = useNavigate();
  const technicians = useTechnicians();
  const [customer, setCustomer] = useState<CustomerChoice>(
    given === undefined ? { kind: 'none' } : { kind: 'known', id: given },
  );
  const [draft, setDraft] = useState(empty);
  const [priority, setPriority] = useState<Priority>('medium');
  const [isAsked, setIsAsked] = useState(false);
  const form = useSubmit();
  const estimate = parseMoney(draft.estimate);
  const isNoMoney = draft.estimate.trim() !== '' && estimate === undefined;

  const input = (name: keyof typeof empty, field: string, isNeeded = false) => ({
    label: words[name],
    size: 'md' as const,
    value: draft[name],
    error: isNeeded && isAsked && draft[name].trim() === '' ? strings.field.needed : form.problemOf(field),
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
      setDraft(before => ({ ...before, [name]: currentTarget.value })),
  });

  function open() {
    setIsAsked(true);
    const { device, description, technician, due, passcode } = draft;
    if (customer.kind === 'none' || device.trim() === '' || description.trim() === '' || isNoMoney) return;
    form.submit(async () => {
      const { data, seq } = await client.api.createWorkOrder({
        customer_id: await settleCustomer(client.api, customer, setCustomer),
        device: device.trim(),
        description: description.trim(),
        priority,
        ...(technician !== '' && { technician_id: Number(technician) }),
        ...(estimate !== undefined && { estimate_total: estimate }),
        ...(due !== '' && { due_at: fromLocalInput(due) }),
        ...(passcode !== '' && { device_passcode: passcode }),
      });
      client.store.apply({ kind: 'work_orders_read', rows: [data], seq });
      await navigate({ to: '/work-orders/$id', params: { id: String(data.id) }, replace: true });
    });
  }

  return (
    <FormPage
      title={words.title}
      back={{ to: '/work-orders', name: strings.workOrder.back }}
      form={form}
      onSubmit={open}
    >
      <CustomerPicker
        choice={customer}
        onChange={setCustomer}
        error={isAsked && customer.kind === 'none' ? strings.customers.picker.needed : null}
        problemOf={form.problemOf}
      />
      <TextInput {...input('device', 'device', true)} placeholder={words.devicePlaceholder} />
      <Textarea {...input('description', 'description', true)} autosize minRows={3} />
      <PriorityChoice label={words.priority} value={priority} onChange={setPriority} />
      <div className={layout.pair}>
        <NativeSelect {...input('technician', 'technician_id')}>
          <option value="">{words.nobody}</option>
          {technicians.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
        <TextInput {...input('due', 'due_at')} type="datetime-local" />
        <TextInput
          {...input('estimate', 'estimate_total')}
          inputMode="decimal"
          placeholder="0.00"
          error={isNoMoney ? strings.field.notMoney : form.problemOf('estimate_total')}
        />
        <TextInput {...input('passcode', 'device_passcode')} autoComplete="off" />
      </div>
      <Button type="submit" size="md" loading={form.isBusy}>
        {words.create}
      </Button>
    </FormPage>
  );
}
