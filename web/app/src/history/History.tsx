import { Button, Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { useHistory } from '@shopbell/react';
import { moment } from '../format.ts';
import { useStaff } from '../people/useStaff.ts';
import { strings } from '../strings.ts';
import { reasonOf, sentence } from './sentence.ts';
import styles from './History.module.css';

const words = strings.history;

/** What was done to an order, newest first, in words. */
export function History({ workOrderId }: { workOrderId: number }) {
  const history = useHistory(workOrderId);
  const staff = useStaff();
  const nameOf = useMemo(() => {
    const names = new Map(staff.map(({ id, name }) => [id, name]));
    return (id: number) => names.get(id) ?? words.somebody;
  }, [staff]);
  return (
    <section className={styles.history} aria-labelledby="history">
      <h2 id="history">{words.title}</h2>
      {history.error !== null && history.rows.length === 0 && (
        <p role="alert" className={styles.failure}>
          {words.failed}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void history.retry()}>
            {strings.failure.retry}
          </Button>
        </p>
      )}
      {history.isLoading && <Skeleton height={48} aria-label={words.loading} />}
      {!history.isLoading && history.error === null && history.rows.length === 0 && (
        <p className={styles.at}>{words.empty}</p>
      )}
      <ol className={styles.list} aria-label={words.title}>
        {history.rows.map(entry => (
          <li key={entry.seq} className={styles.entry} data-action={entry.payload.action}>
            <p>
              {sentence(entry, nameOf)} <span aria-hidden>·</span>{' '}
              <time className={styles.at} dateTime={entry.at}>
                {moment(entry.at)}
              </time>
            </p>
            {reasonOf(entry) !== null && (
              <p className={styles.reason}>{words.overridden(reasonOf(entry) ?? '')}</p>
            )}
          </li>
        ))}
      </ol>
      {history.hasMore && (
        <Button size="xs" variant="default" onClick={() => void history.loadMore().catch(() => {})}>
          {words.older}
        </Button>
      )}
    </section>
  );
}
