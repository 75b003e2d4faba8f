import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  MOST_AT_ONCE,
  movesOf,
  priorities,
  statuses,
  type Priority,
  type Status,
  type WorkOrder,
  type WorkOrderPatch,
} from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { Confirm } from '../field/Confirm.tsx';
import { useSubmit } from '../field/useSubmit.ts';
import { useTechnicians } from '../people/useStaff.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { isFinal } from '../workOrder/final.ts';
import styles from './BulkBar.module.css';

const words = strings.bulk;

interface Props {
  chosen: readonly WorkOrder[];
  shown: readonly WorkOrder[];
  onSelect: (ids: readonly number[]) => void;
  onDone: () => void;
}

/** What is to be done with the selected orders, all or nothing. */
export function BulkBar({ chosen, shown, onSelect, onDone }: Props) {
  const client = useClient();
  const user = useUser();
  const technicians = useTechnicians();
  const [wanted, setWanted] = useState<Status | ''>('');
  const [priority, setPriority] = useState<Priority | ''>('');
  const [technician, setTechnician] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const { isBusy, error, submit } = useSubmit();

  // Only where every one of them may go.
  const moves = statuses.filter(to => chosen.every(order => movesOf(user, order).includes(to)));
  // One more order may have been selected that cannot go there.
  const status = wanted !== '' && moves.includes(wanted) ? wanted : '';
  const changes: WorkOrderPatch = {
    ...(status !== '' && { status }),
    ...(priority !== '' && { priority }),
    ...(technician !== '' && { technician_id: technician === 'nobody' ? null : Number(technician) }),
  };
  const isTooMany = chosen.length > MOST_AT_ONCE;
  const isNothing = chosen.length === 0 || Object.keys(changes).length === 0;

  function apply() {
    setIsAsked(false);
    const ids = chosen.map(order => order.id);
    submit(async () => {
      const { data, seq } = await client.api.patchWorkOrders({ ids, changes });
      client.store.apply({ kind: 'work_orders_read', rows: data, seq });
      toast.success(words.done(ids.length));
      onDone();
    });
  }

  return (
    <section className={styles.bar} aria-label={words.region}>
      <p className={styles.count} aria-live="polite">
        <strong>{words.chosen(chosen.length)}</strong>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onSelect(shown.slice(0, MOST_AT_ONCE).map(order => order.id))}
        >
          {words.all}
        </Button>
        {isTooMany && <span className={styles.error}>{words.most(MOST_AT_ONCE)}</span>}
      </p>
      <NativeSelect
        label={words.status}
        value={status}
        disabled={chosen.length === 0}
        onChange={event => setWanted(event.currentTarget.value as Status | '')}
      >
        <option value="">{words.keep}</option>
        {moves.map(to => (
          <option key={to} value={to}>
            {strings.statuses[to]}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={words.technician}
        value={technician}
        onChange={event => setTechnician(event.currentTarget.value)}
      >
        <option value="">{words.keep}</option>
        <option value="nobody">{words.nobody}</option>
        {technicians.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={words.priority}
        value={priority}
        onChange={event => setPriority(event.currentTarget.value as Priority | '')}
      >
        <option value="">{words.keep}</option>
        {priorities.map(name => (
          <option key={name} value={name}>
            {strings.priorities[name]}
          </option>
        ))}
      </NativeSelect>
      <Button
        loading={isBusy}
        disabled={isNothing || isTooMany}
        onClick={() => (status !== '' && isFinal(status) ? setIsAsked(true) : apply())}
      >
        {words.apply(chosen.length)}
      </Button>
      {isAsked && status !== '' && (
        <div className={styles.asked}>
          <Confirm
            question={words.question(chosen.length, strings.statuses[status])}
            yes={words.yes}
            no={words.no}
            onYes={apply}
            onNo={() => setIsAsked(false)}
          />
        </div>
      )}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {strings.refusal(error)}
        </p>
      )}
    </section>
  );
}
