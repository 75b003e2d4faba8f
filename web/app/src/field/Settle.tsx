import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '../strings.ts';
import styles from './Settle.module.css';

const words = strings.field;

interface Props {
  label: string;
  theirs: ReactNode;
  mine: ReactNode;
  onKeepTheirs: () => void;
  onTakeMine: () => void;
}

/** Two people changed one field: both values, and the choice. */
export function Settle({ label, theirs, mine, onKeepTheirs, onTakeMine }: Props) {
  return (
    <div role="alert" className={styles.settle}>
      <p className={styles.title}>{words.conflict(label)}</p>
      <dl className={styles.values}>
        <div>
          <dt>{words.theirs}</dt>
          <dd>{theirs}</dd>
        </div>
        <div>
          <dt>{words.mine}</dt>
          <dd>{mine}</dd>
        </div>
      </dl>
      <div className={styles.choice}>
        <Button size="xs" variant="default" onClick={onKeepTheirs}>
          {words.keepTheirs}
        </Button>
        <Button size="xs" onClick={onTakeMine}>
          {words.takeMine}
        </Button>
      </div>
    </div>
  );
}
