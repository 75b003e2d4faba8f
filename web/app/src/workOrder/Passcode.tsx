import { Button } from '@mantine/core';
import { useState } from 'react';
import { strings } from '../strings.ts';
import styles from './Passcode.module.css';

/** The device's passcode, covered until somebody asks: screens at a counter are seen from both sides. */
export function Passcode({ value }: { value: string }) {
  const [isShown, setIsShown] = useState(false);
  return (
    <span className={styles.passcode}>
      <code>{isShown ? value : '••••••'}</code>
      <Button size="compact-xs" variant="default" onClick={() => setIsShown(wasShown => !wasShown)}>
        {isShown ? strings.workOrder.conceal : strings.workOrder.reveal}
      </Button>
    </span>
  );
}
