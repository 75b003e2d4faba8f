import { useId, useState, type KeyboardEvent } from 'react';

interface Options<T> {
  options: readonly T[];
  onChoose: (option: T) => void;
  onClose: () => void;
}

/**
 * The keyboard of a list of suggestions under a text: arrows move, Enter chooses, Escape closes. The focus stays
 * in the text.
 */
export function useSuggestions<T>({ options, onChoose, onClose }: Options<T>) {
  const id = useId();
  const [wanted, setWanted] = useState(0);
  const isOpen = options.length > 0;
  const active = Math.min(wanted, options.length - 1);

  function onKeyDown(event: KeyboardEvent): void {
    if (!isOpen) return;
    if (event.key === 'ArrowDown') setWanted((active + 1) % options.length);
    else if (event.key === 'ArrowUp') setWanted((active + options.length - 1) % options.length);
    else if (event.key === 'Enter') {
      const option = options[active];
      if (option === undefined || event.shiftKey || event.ctrlKey || event.metaKey) return;
      setWanted(0);
      onChoose(option);
    } else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const list = {
    'aria-autocomplete': 'list' as const,
    'aria-controls': isOpen ? id : undefined,
    'aria-activedescendant': isOpen ? `${id}-${active}` : undefined,
    autoComplete: 'off',
  };
  return {
    isOpen,
    active,
    onKeyDown,
    /** For a text of many lines, which is a text and no combobox. */
    textarea: list,
    input: { ...list, role: 'combobox' as const, 'aria-expanded': isOpen },
    listId: id,
    optionId: (place: number) => `${id}-${place}`,
  };
}
