import type { ReactNode } from 'react';
import { Bell } from '../look/Bell.tsx';
import styles from './Nothing.module.css';

interface Props {
  title: string;
  text: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
  /** It is a failure, to be read out. */
  isFailure?: boolean;
}

/** In place of content that is not there: empty, failed, gone. */
export function Nothing({ title, text, action, isFailure = false }: Props) {
  return (
    <div className={styles.nothing} role={isFailure ? 'alert' : undefined}>
      <Bell className={styles.bell} />
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  );
}
