import { Button, Textarea } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import type { User, WorkOrder } from '@shopbell/client';
import { useClient } from '@shopbell/react';
import { useSubmit } from '../field/useSubmit.ts';
import { Avatar } from '../look/Avatar.tsx';
import { Suggestions } from '../look/Suggestions.tsx';
import { useSuggestions } from '../look/useSuggestions.ts';
import { useStaff } from '../people/useStaff.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { matching, mentionable, mentionAt, withMention, type Mention } from './mentions.ts';
import styles from './NoteForm.module.css';

const words = strings.notes;
const MOST = 6;
const none: User[] = [];

interface Props {
  order: WorkOrder;
  onTyping: (isTyping: boolean, field: string) => void;
}

export function NoteForm({ order, onTyping }: Props) {
  const client = useClient();
  const user = useUser();
  const staff = useStaff();
  const [text, setText] = useState('');
  const [isForCustomer, setIsForCustomer] = useState(false);
  const [mention, setMention] = useState<Mention | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const { isBusy, error, submit } = useSubmit();

  useLayoutEffect(() => {
    // Where the person goes on, once React has written the text, which moves the caret to its end.
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const options =
    mention === null ? none : matching(mentionable(staff, order, user), mention.query).slice(0, MOST);

  function choose({ name }: User) {
    if (mention === null) return;
    const next = withMention(text, mention, name);
    setText(next.text);
    setMention(null);
    caret.current = next.caret;
    input.current?.focus();
  }

  const suggestions = useSuggestions({ options, onChoose: choose, onClose: () => setMention(null) });

  function send() {
    const content = text.trim();
    if (content === '' || isBusy) return;
    submit(async () => {
      const note = { content, customer_visible: isForCustomer };
      await client.outbox.run({ kind: 'note', workOrderId: order.id, number: order.number, note });
      onTyping(false, 'note');
      setText('');
      setIsForCustomer(false);
    });
  }

  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      <div className={styles.write}>
        <Textarea
          {...suggestions.textarea}
          ref={input}
          aria-label={words.write}
          placeholder={words.placeholder}
          autosize
          minRows={2}
          maxRows={10}
          value={text}
          disabled={isBusy}
          onChange={event => {
            const { value, selectionStart } = event.currentTarget;
            setText(value);
            setMention(mentionAt(value, selectionStart));
            onTyping(value !== '', 'note');
          }}
          onKeyDown={event => {
            suggestions.onKeyDown(event);
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
          }}
          onBlur={() => {
            setMention(null);
            onTyping(false, 'note');
          }}
        />
        <Suggestions
          label={words.people}
          options={options}
          state={suggestions}
          keyOf={person => person.id}
          onChoose={choose}
        >
          {person => (
            <>
              <Avatar name={person.name} isSmall />
              <span>{person.name}</span>
              <span className={styles.role}>{strings.roles[person.role]}</span>
            </>
          )}
        </Suggestions>
      </div>
      {error !== null && (
        <p role="alert" className={styles.error}>
          {strings.refusal(error)}
        </p>
      )}
      <div className={styles.foot}>
        <label className={styles.customer}>
          <input
            type="checkbox"
            checked={isForCustomer}
            onChange={event => setIsForCustomer(event.currentTarget.checked)}
          />
          {words.customerVisible}
        </label>
        <Button type="submit" size="sm" loading={isBusy} disabled={text.trim() === ''}>
          {words.add}
        </Button>
      </div>
    </form>
  );
}
