/*
 * A list under a text that keeps the focus: the ARIA pattern for it (combobox with listbox) has no HTML element, and its
 * keys are pressed in the text.
 */
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events */
import type { ReactNode } from 'react';
import type { useSuggestions } from './useSuggestions.ts';
import styles from './Suggestions.module.css';

interface Props<T> {
  label: string;
  options: readonly T[];
  state: ReturnType<typeof useSuggestions<T>>;
  keyOf: (option: T) => string | number;
  onChoose: (option: T) => void;
  children: (option: T) => ReactNode;
}

/** The list that `useSuggestions` moves through. */
export function Suggestions<T>({ label, options, state, keyOf, onChoose, children }: Props<T>) {
  if (!state.isOpen) return null;
  return (
    <div id={state.listId} role="listbox" aria-label={label} className={styles.list}>
      {options.map((option, place) => (
        <div
          key={keyOf(option)}
          id={state.optionId(place)}
          role="option"
          tabIndex={-1}
          aria-selected={place === state.active}
          className={styles.option}
          // The press must not take the focus out of the text.
          onPointerDown={event => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          {children(option)}
        </div>
      ))}
    </div>
  );
}
