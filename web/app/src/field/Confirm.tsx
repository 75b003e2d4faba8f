import { Button } from '@mantine/core';
import styles from './Confirm.module.css';

interface Props {
  question: string;
  yes: string;
  no: string;
  isBusy?: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** Before a step that has no way back: the way out has the focus. */
export function Confirm({ question, yes, no, isBusy = false, onYes, onNo }: Props) {
  return (
    <div role="alertdialog" aria-label={question} className={styles.confirm}>
      <p>{question}</p>
      <Button size="xs" autoFocus variant="default" onClick={onNo}>
        {no}
      </Button>
      <Button size="xs" loading={isBusy} onClick={onYes}>
        {yes}
      </Button>
    </div>
  );
}
