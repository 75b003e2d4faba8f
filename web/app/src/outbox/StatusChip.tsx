import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useOutbox, WebSocketStatus } from '@shopbell/react';
import { strings } from '../strings.ts';
import { OutboxList } from './OutboxList.tsx';
import styles from './StatusChip.module.css';

const words = strings.outbox;

/** Whether the page is live, and, when there is something that the server does not have, what. */
export function StatusChip() {
  const { items } = useOutbox();
  const [isOpen, setIsOpen] = useState(false);
  const open = items.filter(({ state }) => state !== 'confirmed');
  const chip = (
    <WebSocketStatus
      className={styles.chip ?? ''}
      labels={{ ...strings.connection, ...strings.connectionExtras }}
      titles={strings.connectionInFull}
    />
  );
  if (open.length === 0) return chip;
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        {/* Over the chip rather than around it: what a button says is not read out when it changes. */}
        <div className={styles.around}>
          {chip}
          <button
            type="button"
            className={styles.button}
            aria-label={words.open}
            title={words.open}
            aria-expanded={isOpen}
            onClick={() => setIsOpen(wasOpen => !wasOpen)}
          />
        </div>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label={words.title}>
        <h2 className={styles.title}>{words.title}</h2>
        <p className={styles.hint}>{words.hint}</p>
        <OutboxList items={open} onOpen={() => setIsOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
