import { TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { SearchIcon } from './icons.tsx';

/** How long a person pauses before a search is asked for, in milliseconds. */
const PAUSE_MS = 250;

interface Props {
  label: string;
  placeholder: string;
  value: string;
  className?: string | undefined;
  onChange: (search: string) => void;
}

/** A search that is asked for when the person pauses. */
export function SearchField({ label, placeholder, value, className, onChange }: Props) {
  const [text, setText] = useState(value);
  // What comes from elsewhere ("clear filters", the back button) is taken up; the field's own echo is not, because
  // the person may have typed on.
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const search = useEffectEvent((next: string) => {
    setKnown(next);
    onChange(next);
  });
  useEffect(() => {
    if (text.trim() === known) return;
    const timer = setTimeout(() => search(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, known]);
  return (
    <TextInput
      type="search"
      className={className ?? ''}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon />}
      value={text}
      onChange={event => setText(event.currentTarget.value)}
    />
  );
}
