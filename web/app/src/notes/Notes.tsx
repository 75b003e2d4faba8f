import { Button, Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import type { Note, Typist, WorkOrder } from '@shopbell/client';
import { TypingLine, useNotes } from '@shopbell/react';
import { moment } from '../format.ts';
import { Avatar } from '../look/Avatar.tsx';
import { useStaff } from '../people/useStaff.ts';
import { sayTyping } from '../people/words.ts';
import { strings } from '../strings.ts';
import { NoteForm } from './NoteForm.tsx';
import { pieces } from './mentions.ts';
import styles from './Notes.module.css';

const words = strings.notes;

interface Props {
  order: WorkOrder;
  typists: readonly Typist[];
  onTyping: (isTyping: boolean, field: string) => void;
}

/** What people of the shop have written about an order, and the place to write. */
export function Notes({ order, typists, onTyping }: Props) {
  const notes = useNotes(order.id);
  const staff = useStaff();
  const names = useMemo(() => staff.map(user => user.name), [staff]);
  return (
    <section className={styles.notes} aria-labelledby="notes">
      <div className={styles.head}>
        <h2 id="notes">{words.title}</h2>
        <TypingLine className={styles.typing ?? ''} typists={typists} say={sayTyping} />
      </div>
      {notes.error !== null && notes.rows.length === 0 && (
        <p role="alert" className={styles.failure}>
          {words.failed}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void notes.retry()}>
            {strings.failure.retry}
          </Button>
        </p>
      )}
      {notes.isLoading && <Skeleton height={48} aria-label={words.loading} />}
      {notes.hasMore && (
        // What fails shows when it is pressed again; the notes that are here stay.
        <Button size="xs" variant="default" onClick={() => void notes.loadMore().catch(() => {})}>
          {words.older}
        </Button>
      )}
      {!notes.isLoading && notes.error === null && notes.rows.length === 0 && (
        <p className={styles.empty}>{words.empty}</p>
      )}
      <ul className={styles.list} aria-label={words.title}>
        {notes.rows.map(note => (
          <NoteItem key={note.id} note={note} names={names} />
        ))}
      </ul>
      <NoteForm order={order} onTyping={onTyping} />
    </section>
  );
}

function NoteItem({ note, names }: { note: Note; names: readonly string[] }) {
  return (
    <li className={styles.note} data-customer={note.customer_visible || undefined}>
      <Avatar name={note.author_name} />
      <div className={styles.body}>
        <p className={styles.byline}>
          <strong>{note.author_name}</strong>{' '}
          <time dateTime={note.created_at}>{moment(note.created_at)}</time>
          {note.customer_visible && <span className={styles.visible}>{words.forCustomer}</span>}
        </p>
        <p className={styles.content}>
          {pieces(note.content, names).map(({ text, isMention }, place) =>
            // oxlint-disable-next-line react/no-array-index-key -- the pieces of a note never change
            isMention ? <mark key={place}>{text}</mark> : text,
          )}
        </p>
      </div>
    </li>
  );
}
