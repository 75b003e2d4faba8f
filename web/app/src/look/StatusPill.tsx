import type { Status } from '@shopbell/client';
import { strings } from '../strings.ts';
import styles from './StatusPill.module.css';

/** A status in colour and in words. A code that this version does not know is shown as it is. */
export function StatusPill({ status }: { status: Status }) {
  return (
    <span className={styles.pill} data-status={status}>
      {strings.statuses[status] ?? status.replaceAll('_', ' ')}
    </span>
  );
}
