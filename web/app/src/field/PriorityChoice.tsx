import { useId } from 'react';
import { priorities, type Priority } from '@shopbell/client';
import { PriorityMark } from '../look/PriorityMark.tsx';
import styles from './PriorityChoice.module.css';

interface Props {
  label: string;
  value: Priority;
  onChange: (priority: Priority) => void;
}

/** One of four, large enough for a thumb at the counter. */
export function PriorityChoice({ label, value, onChange }: Props) {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {priorities.map(priority => (
        <label key={priority}>
          <input type="radio" name={name} checked={priority === value} onChange={() => onChange(priority)} />
          <PriorityMark priority={priority} />
        </label>
      ))}
    </fieldset>
  );
}
