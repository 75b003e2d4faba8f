import { Button, Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient, useRealTimeWorkOrder } from '@shopbell/react';
import { BackIcon } from '../look/icons.tsx';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { Nothing } from '../shell/Nothing.tsx';
import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import { WorkOrderSheet } from './WorkOrderSheet.tsx';
import styles from './WorkOrderPage.module.css';

const route = getRouteApi('/shell/work-orders/$id');
const words = strings.workOrder;

export function WorkOrderPage() {
  const { id } = route.useParams();
  // The same spelling as the server's: an id that is none is a page that is not there.
  return /^[1-9]\d{0,15}$/.test(id) ? <WorkOrderById key={id} id={Number(id)} /> : <NotFoundPage />;
}

function WorkOrderById({ id }: { id: number }) {
  const client = useClient();
  const { workOrder, setWorkOrder, isUpdating, isRemoved, error } = useRealTimeWorkOrder(id);
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
      {workOrder === null ? (
        <Loading />
      ) : (
        <>
          <PageTitle>{`${workOrder.number} ${workOrder.device}`}</PageTitle>
          <WorkOrderSheet order={workOrder} setWorkOrder={setWorkOrder} isUpdating={isUpdating} />
        </>
      )}
    </>
  );
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
