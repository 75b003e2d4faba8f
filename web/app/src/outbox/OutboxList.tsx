import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OutboxItem } from '@shopbell/client';
import { useOutbox } from '@shopbell/react';
import { strings } from '../strings.ts';
import { CommandMark } from './CommandMark.tsx';
import { describe, placeOf } from './describe.ts';
import { Refused } from './Refused.tsx';
import styles from './OutboxList.module.css';

const words = strings.outbox;

interface Props {
  items: readonly OutboxItem[];
  /** The person went to where one of them is shown. */
  onOpen?: () => void;
}

/** What the person did and the server does not have, or does not want. */
export function OutboxList({ items, onOpen }: Props) {
  const { dismiss } = useOutbox();
  return (
    <ul className={styles.list} aria-label={words.title}>
      {items.map(item => (
        <li key={item.place} className={styles.item}>
          <div className={styles.line}>
            <Link {...placeOf(item.command)} className={styles.what} onClick={onOpen}>
              {describe(item.command)}
            </Link>
            <CommandMark item={item} />
            {item.state === 'queued' && (
              <Button size="compact-xs" variant="default" onClick={() => void dismiss(item)}>
                {words.discard}
              </Button>
            )}
          </div>
          <Refused item={item} />
        </li>
      ))}
    </ul>
  );
}
