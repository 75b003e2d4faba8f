import { Button } from '@mantine/core';
import { Bell } from '../look/Bell.tsx';
import { session } from '../session/session.ts';
import { strings } from '../strings.ts';
import styles from './Opening.module.css';

/** Before it is known who is here, or while nobody can be asked. */
export function Opening({ isUnreachable }: { isUnreachable: boolean }) {
  return (
    <main className={styles.opening}>
      <title>{strings.product}</title>
      <Bell className={styles.bell} />
      {isUnreachable ? (
        <div role="alert">
          <h1>{strings.session.unreachable}</h1>
          <p>{strings.session.unreachableHint}</p>
          <Button onClick={() => void session.restore()}>{strings.session.retry}</Button>
        </div>
      ) : (
        <p className={styles.waiting}>{strings.session.restoring}</p>
      )}
    </main>
  );
}
