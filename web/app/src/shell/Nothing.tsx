import type { ReactNode } from 'react';
import { Bell } from '../look/Bell.tsx';
import styles from './Nothing.module.css';

interface Props {
  title: string;
  text: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
  /** It is all there is of the page. */
  isPage?: boolean;
  /** It is a failure, to be read out. */
  isFailure?: boolean;
}

/** In place of content that is not there: empty, failed, gone. */
export function Nothing({ title, text, action, isPage = false, isFailure = false }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={styles.nothing} role={isFailure ? 'alert' : undefined}>
      <Bell className={styles.bell} />
      <Heading className={styles.title}>{title}</Heading>
      <p>{text}</p>
      {action}
    </div>
  );
}
