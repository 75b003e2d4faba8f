import type { ReactNode } from 'react';
import { moment } from '../format.ts';
import styles from './Facts.module.css';

/** What is so, by name; each one a `Fact`. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A moment, unless there was none. */
export function Moment({ name, at }: { name: string; at: string | null }) {
  if (at === null) return null;
  return (
    <Fact name={name}>
      <time dateTime={at}>{moment(at)}</time>
    </Fact>
  );
}

/** A number to call, unless there is none or it is not for this person. */
export function Phone({ name, number }: { name: string; number: string | null }) {
  if (number === null) return null;
  return (
    <Fact name={name}>
      <a href={`tel:${number.replaceAll(/[^\d+]/g, '')}`}>{number}</a>
    </Fact>
  );
}
