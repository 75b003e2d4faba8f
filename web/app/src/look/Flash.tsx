import { useState, type ReactNode } from 'react';
import styles from './Flash.module.css';

interface Props {
  /** What is shown inside, as something that can be compared. */
  value: string | number | null;
  children: ReactNode;
  /** As wide as the place it stands in. */
  isWide?: boolean;
}

/** Lights up for a moment when what it shows changes, so that the eye finds what somebody else has done. */
export function Flash({ value, children, isWide = false }: Props) {
  const [shown, setShown] = useState({ value, changes: 0 });
  if (shown.value !== value) setShown({ value, changes: shown.changes + 1 });
  return (
    <span className={styles.flash} data-wide={isWide || undefined}>
      {shown.changes > 0 && <span key={shown.changes} className={styles.light} data-flash aria-hidden />}
      {children}
    </span>
  );
}
