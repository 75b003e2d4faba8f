import { priorities, type Priority } from '@shopbell/client';
import { strings } from '../strings.ts';
import styles from './PriorityMark.module.css';

interface Props {
  priority: Priority;
  /** Where space is dear: a word only for what is more than usual. */
  isShort?: boolean;
  /** Beside something that says the word. */
  isMarkOnly?: boolean;
}

/** A priority in bars and in words. */
export function PriorityMark({ priority, isShort = false, isMarkOnly = false }: Props) {
  const level = priorities.indexOf(priority);
  const isQuiet = isShort && level <= 1;
  return (
    <span className={styles.mark} data-priority={priority}>
      <svg viewBox="0 0 14 12" width="14" height="12" aria-hidden>
        {priorities.map((name, bar) => (
          <rect
            key={name}
            x={bar * 3.5}
            y={9 - bar * 2.5}
            width="2.5"
            height={3 + bar * 2.5}
            rx="0.75"
            opacity={bar <= level ? 1 : 0.25}
          />
        ))}
      </svg>
      {!isMarkOnly && (
        <span className={isQuiet ? styles.hidden : undefined}>{strings.priorities[priority]}</span>
      )}
    </span>
  );
}
