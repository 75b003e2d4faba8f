import { Button, Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { edit, type Answer, type WorkOrder } from '@shopbell/client';
import { useClient, useRealTimeWorkOrder, type RealTimeWorkOrder } from '@shopbell/react';
import { FieldActivity } from '../field/FieldActivity.ts';
import { BackIcon } from '../look/icons.tsx';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { PageTitle } from '../shell/PageTitle.tsx';
import { isId } from '../shell/isId.ts';
import { strings } from '../strings.ts';
import { WorkOrderSheet } from './WorkOrderSheet.tsx';
import styles from './WorkOrderPage.module.css';

const route = getRouteApi('/shell/work-orders/$id');
const words = strings.workOrder;

export function WorkOrderPage() {
  const { id } = route.useParams();
  return isId(id) ? <WorkOrderById key={id} id={Number(id)} /> : <NotFoundPage />;
}

function WorkOrderById({ id }: { id: number }) {
  const client = useClient();
  const live = useRealTimeWorkOrder(id);
  const { workOrder, isRemoved, error } = live;
  const [wasSeen, setWasSeen] = useState(workOrder !== null);
  if (workOrder !== null && !wasSeen) setWasSeen(true);

  if (isRemoved && wasSeen) {
    const back = <Link to="/work-orders">{strings.notFound.back}</Link>;
    return (
      <>
        <PageTitle>{words.removedTitle}</PageTitle>
        <Nothing isPage isFailure title={words.removedTitle} text={words.removedText} action={back} />
      </>
    );
  }
  if (isRemoved || error?.code === 'not_found') return <NotFoundPage />;
  if (workOrder === null && error !== null) {
    const retry = (
      <Button onClick={() => void client.workOrder(id).refresh()}>{strings.failure.retry}</Button>
    );
    return <Nothing isPage isFailure title={words.failed} text={strings.refusal(error)} action={retry} />;
  }
  return (
    <>
      <Link to="/work-orders" className={styles.back}>
        <BackIcon />
        {words.back}
      </Link>
      {workOrder === null ? <Loading /> : <Open order={workOrder} live={live} />}
    </>
  );
}

function Open({ order, live }: { order: WorkOrder; live: RealTimeWorkOrder }) {
  const client = useClient();
  const activity = useActivity(live);
  return (
    <FieldActivity value={activity}>
      <PageTitle>{`${order.number} ${order.device}`}</PageTitle>
      <WorkOrderSheet
        order={order}
        editing={{
          kept: 'work_order',
          patch: (row, patch) =>
            client.outbox.run(edit('work_order', row, patch)) as Promise<Answer<WorkOrder> | null>,
          put: live.setWorkOrder,
        }}
        isUpdating={live.isUpdating}
        viewers={live.viewers}
        typists={live.typists}
        onTyping={live.sendTypingIndicator}
      />
    </FieldActivity>
  );
}

/** Tells the others at the order which fields this person is at. */
function useActivity({ sendPresenceUpdate, sendTypingIndicator }: RealTimeWorkOrder): FieldActivity {
  return useMemo(() => {
    const open = new Set<symbol>();
    return {
      begin: () => {
        const field = Symbol();
        open.add(field);
        sendPresenceUpdate('editing');
        return () => {
          open.delete(field);
          if (open.size > 0) return;
          sendPresenceUpdate('viewing');
          sendTypingIndicator(false);
        };
      },
      type: field => sendTypingIndicator(true, field),
    };
  }, [sendPresenceUpdate, sendTypingIndicator]);
}

function Loading() {
  return (
    <section aria-busy aria-label={words.loading}>
      <Skeleton height={28} width="50%" mb={12} />
      <Skeleton height={18} width="30%" mb={28} />
      <Skeleton height={220} />
    </section>
  );
}
