import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { OutboxItem } from '@shopbell/client';
import { useOutbox } from '@shopbell/react';
import { strings } from '../strings.ts';
import styles from './Refused.module.css';

const words = strings.outbox;

interface Props {
  item: OutboxItem;
  /** What the person wanted, where the place does not say it. */
  children?: ReactNode;
}

/** A change that the server did not want, why, and what the person can do about it. */
export function Refused({ item, children }: Props) {
  const { dismiss, retry } = useOutbox();
  if (item.refusal === null) return null;
  return (
    <div role="alert" className={styles.refused}>
      <p>{words.refusal(item.refusal)}</p>
      {children && (
        <p className={styles.wish}>
          {words.wish} {children}
        </p>
      )}
      <div className={styles.choice}>
        <Button size="compact-sm" variant="default" onClick={() => void dismiss(item)}>
          {words.discard}
        </Button>
        <Button size="compact-sm" onClick={() => void retry(item)}>
          {words.retry(item.refusal)}
        </Button>
      </div>
    </div>
  );
}
