import { initials } from '../format.ts';
import styles from './Avatar.module.css';

interface Props {
  name: string;
  isSmall?: boolean;
  isOnline?: boolean;
}

/** Somebody's initials, beside their name. */
export function Avatar({ name, isSmall = false, isOnline = false }: Props) {
  return (
    <span
      className={styles.avatar}
      data-initials={initials(name)}
      data-small={isSmall || undefined}
      data-online={isOnline || undefined}
      aria-hidden
    />
  );
}
