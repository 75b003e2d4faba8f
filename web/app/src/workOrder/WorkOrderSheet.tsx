import type { ReactNode } from 'react';
import { mayEdit, type WorkOrder } from '@shopbell/client';
import { moment } from '../format.ts';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { StatusPill } from '../look/StatusPill.tsx';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { Passcode } from './Passcode.tsx';
import { PriorityField } from './PriorityField.tsx';
import { StatusMoves } from './StatusMoves.tsx';
import { TechnicianField } from './TechnicianField.tsx';
import { WrittenField } from './WrittenField.tsx';
import { amount, date, prose } from './writing.ts';
import styles from './WorkOrderSheet.module.css';

const words = strings.workOrder;

interface Props {
  order: WorkOrder;
  setWorkOrder: (row: WorkOrder) => void;
  /** A change by somebody has just come in. */
  isUpdating: boolean;
}

/** A work order with everything that this person may see and do. */
export function WorkOrderSheet({ order, setWorkOrder, isUpdating }: Props) {
  const user = useUser();
  const seesCost = user.role === 'admin' || user.role === 'manager';
  const written = { order, setWorkOrder };
  return (
    <article className={styles.sheet} data-updating={isUpdating || undefined}>
      <header className={styles.head}>
        <div className={styles.line}>
          <span className={styles.number}>{order.number}</span>
          <Flash value={order.status}>
            <StatusPill status={order.status} />
          </Flash>
          {(order.priority === 'high' || order.priority === 'urgent') && (
            <PriorityMark priority={order.priority} />
          )}
          <output className={styles.updating}>{isUpdating && words.updating}</output>
        </div>
        <h1>{order.device}</h1>
        <p className={styles.customer}>{order.customer_name}</p>
      </header>

      <section className={styles.moves}>
        <StatusMoves order={order} setWorkOrder={setWorkOrder} />
      </section>

      <section className={styles.work}>
        <WrittenField
          {...written}
          field="description"
          label={words.description}
          writing={prose}
          mayEdit={mayEdit(user, 'description', order)}
        />
        <div className={styles.figures}>
          <WrittenField
            {...written}
            field="estimate_total"
            label={words.estimate}
            writing={amount}
            mayEdit={mayEdit(user, 'estimate_total', order)}
          />
          {seesCost && (
            <WrittenField {...written} field="cost_total" label={words.cost} writing={amount} mayEdit />
          )}
          <WrittenField
            {...written}
            field="due_at"
            label={words.due}
            writing={date}
            mayEdit={mayEdit(user, 'due_at', order)}
          />
        </div>
      </section>

      <aside className={styles.aside}>
        <TechnicianField order={order} setWorkOrder={setWorkOrder} />
        <PriorityField {...written} mayEdit={mayEdit(user, 'priority', order)} />
        <dl className={styles.facts}>
          {order.customer_phone !== null && (
            <Fact name={words.phone}>
              <a href={`tel:${order.customer_phone.replaceAll(/[^\d+]/g, '')}`}>{order.customer_phone}</a>
            </Fact>
          )}
          {order.customer_email !== null && (
            <Fact name={words.email}>
              <a href={`mailto:${order.customer_email}`}>{order.customer_email}</a>
            </Fact>
          )}
          {order.device_passcode !== null && (
            <Fact name={words.passcode}>
              <Passcode value={order.device_passcode} />
            </Fact>
          )}
          <Moment name={words.created} at={order.created_at} />
          <Moment name={words.started} at={order.started_at} />
          <Moment name={words.completed} at={order.completed_at} />
          <Moment name={words.updated} at={order.updated_at} />
        </dl>
      </aside>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Moment({ name, at }: { name: string; at: string | null }) {
  if (at === null) return null;
  return (
    <Fact name={name}>
      <time dateTime={at}>{moment(at)}</time>
    </Fact>
  );
}
