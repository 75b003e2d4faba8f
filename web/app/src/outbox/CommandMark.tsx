import type { OutboxItem } from '@shopbell/client';
import { strings } from '../strings.ts';
import styles from './CommandMark.module.css';

const words = strings.outbox;

interface Props {
  item: OutboxItem | null;
  /** Only the sign, in a place that has no room for words; they are there for who cannot see it. */
  isShort?: boolean;
}

/** Where something that the person did stands: on this device, sent, confirmed or refused. */
export function CommandMark({ item, isShort = false }: Props) {
  const word = item !== null && (
    <span className={styles.word} title={words.inFull[item.state]}>
      {words.states[item.state]}
    </span>
  );
  // In a list nothing is read out as it changes: there are many, and the chip counts them.
  if (isShort) {
    return (
      item && (
        <span className={styles.mark} data-state={item.state} data-short>
          {word}
        </span>
      )
    );
  }
  return (
    <output className={styles.mark} data-state={item?.state}>
      {word}
    </output>
  );
}
