import type { ReactNode } from 'react';
import { PageTitle } from './PageTitle.tsx';
import styles from './PageHead.module.css';

interface Props {
  title: string;
  /** How many there are. */
  count?: string | false | undefined;
  /** What can be done here. */
  children?: ReactNode;
}

/** The head of a page that lists something. */
export function PageHead({ title, count, children }: Props) {
  return (
    <div className={styles.head}>
      <PageTitle>{title}</PageTitle>
      <h1>{title}</h1>
      {count !== undefined && count !== false && <span className={styles.count}>{count}</span>}
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
