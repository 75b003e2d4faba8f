import { Link } from '@tanstack/react-router';
import { mayEdit, type Typist, type Viewer, type WorkOrder } from '@shopbell/client';
import { PresenceAvatars, TypingLine, useCommandState } from '@shopbell/react';
import { PriorityField } from '../field/PriorityField.tsx';
import type { Editing } from '../field/useFieldEdit.ts';
import { WrittenField } from '../field/WrittenField.tsx';
import { amount, date, prose } from '../field/writing.ts';
import { History } from '../history/History.tsx';
import { Fact, Facts, Moment, Phone } from '../look/Facts.tsx';
import { Flash } from '../look/Flash.tsx';
import { PriorityMark } from '../look/PriorityMark.tsx';
import { StatusPill } from '../look/StatusPill.tsx';
import { Notes } from '../notes/Notes.tsx';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { sayTyping } from '../people/words.ts';
import { useUser } from '../session/useSession.ts';
import { Part } from '../shell/Part.tsx';
import { strings } from '../strings.ts';
import { Passcode } from './Passcode.tsx';
import { StatusMoves } from './StatusMoves.tsx';
import { TechnicianField } from './TechnicianField.tsx';
import styles from './WorkOrderSheet.module.css';

const words = strings.workOrder;
const people = strings.people;

interface Props {
  order: WorkOrder;
  editing: Editing<WorkOrder>;
  /** A change by somebody has just come in. */
  isUpdating: boolean;
  viewers: readonly Viewer[];
  typists: readonly Typist[];
  onTyping: (isTyping: boolean, field: string) => void;
}

/** A work order with everything that this person may see and do. */
export function WorkOrderSheet({ order, editing, isUpdating, viewers, typists, onTyping }: Props) {
  const user = useUser();
  const seesCost = user.role === 'admin' || user.role === 'manager';
  const moved = useCommandState('work_order', order.id, 'status');
  const written = { row: order, editing };
  // Another tab of this person is nobody else.
  const others = viewers.filter(({ userId }) => userId !== user.id);
  const writers = typists.filter(({ userId }) => userId !== user.id);
  return (
    <article className={styles.sheet} data-updating={isUpdating || undefined}>
      <header className={styles.head}>
        <div className={styles.line}>
          <span className={styles.number}>{order.number}</span>
          <Flash value={order.status}>
            <StatusPill status={order.status} />
          </Flash>
          <CommandMark item={moved} />
          {(order.priority === 'high' || order.priority === 'urgent') && (
            <PriorityMark priority={order.priority} />
          )}
          <output className={styles.updating}>{isUpdating && words.updating}</output>
        </div>
        <div className={styles.title}>
          <div>
            <h1>{order.device}</h1>
            <p className={styles.customer}>
              <Link to="/customers/$id" params={{ id: String(order.customer_id) }}>
                {order.customer_name}
              </Link>
            </p>
          </div>
          <PresenceAvatars
            people={others}
            label={people.atOrder}
            className={styles.people ?? ''}
            describe={({ userName, status }) => people.describe(userName, status)}
            word={({ status }) => people.doing[status as Viewer['status']]}
          />
        </div>
        <TypingLine
          className={styles.typing ?? ''}
          typists={writers.filter(({ field }) => field !== 'note')}
          say={sayTyping}
        />
      </header>

      <section className={styles.moves}>
        <StatusMoves order={order} editing={editing} />
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

      <div className={styles.notes}>
        <Part>
          <Notes
            order={order}
            typists={writers.filter(({ field }) => field === 'note')}
            onTyping={onTyping}
          />
        </Part>
      </div>

      <aside className={styles.aside}>
        <TechnicianField order={order} editing={editing} />
        <PriorityField {...written} mayEdit={mayEdit(user, 'priority', order)} />
        <div className={styles.facts}>
          <Facts>
            <Phone name={words.phone} number={order.customer_phone} />
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
            {order.ticket_id !== null && (
              <Fact name={words.ticket}>
                <Link to="/tickets/$id" params={{ id: String(order.ticket_id) }}>
                  {order.number}
                </Link>
              </Fact>
            )}
            <Moment name={words.created} at={order.created_at} />
            <Moment name={words.started} at={order.started_at} />
            <Moment name={words.completed} at={order.completed_at} />
            <Moment name={words.updated} at={order.updated_at} />
          </Facts>
        </div>
      </aside>

      <div className={styles.history}>
        <Part>
          <History workOrderId={order.id} />
        </Part>
      </div>
    </article>
  );
}
