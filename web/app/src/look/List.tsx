import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiError } from '@shopbell/client';
import { Nothing } from '../shell/Nothing.tsx';
import { strings } from '../strings.ts';
import styles from './List.module.css';

interface Props {
  list: {
    rows: readonly { id: number }[];
    isLoading: boolean;
    isStale: boolean;
    error: ApiError | null;
    retry: () => void;
    hasMore: boolean;
    isLoadingMore: boolean;
    loadMore: () => void;
  };
  /** The list's name. */
  label: string;
  words: { loading: string; failed: string; more: string };
  /** In place of the rows when there are none. */
  empty: ReactNode;
  /** Above the rows, such as the names of columns. */
  head?: ReactNode;
  children: ReactNode;
}

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

/** A list in each of its states: coming, failed, empty, there, and going on. */
export function List({ list, label, words, empty, head, children }: Props) {
  if (list.isLoading) {
    return (
      <section className={styles.list} aria-busy aria-label={words.loading}>
        {PLACES.map(place => (
          <div key={place} className={styles.place}>
            <Skeleton height={14} width="45%" />
            <Skeleton height={12} width="70%" mt={8} />
          </div>
        ))}
      </section>
    );
  }
  if (list.error !== null && list.rows.length === 0) {
    const retry = <Button onClick={list.retry}>{strings.failure.retry}</Button>;
    return <Nothing isFailure title={words.failed} text={strings.refusal(list.error)} action={retry} />;
  }
  if (list.rows.length === 0) return empty;
  return (
    <>
      <div className={styles.list} data-stale={list.isStale || undefined}>
        {head}
        <ul className={styles.rows} aria-label={label}>
          {children}
        </ul>
      </div>
      {list.hasMore && (
        <Button
          variant="default"
          className={styles.more}
          loading={list.isLoadingMore}
          onClick={list.loadMore}
        >
          {words.more}
        </Button>
      )}
    </>
  );
}
