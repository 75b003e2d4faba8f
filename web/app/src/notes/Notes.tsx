import { Button, Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import {
  isPending,
  type Command,
  type Note,
  type OutboxItem,
  type Typist,
  type User,
  type WorkOrder,
} from '@shopbell/client';
import { TypingLine, useNotes, useOutboxItems } from '@shopbell/react';
import { moment } from '../format.ts';
import { Avatar } from '../look/Avatar.tsx';
import { CommandMark } from '../outbox/CommandMark.tsx';
import { Refused } from '../outbox/Refused.tsx';
import { useStaff } from '../people/useStaff.ts';
import { sayTyping } from '../people/words.ts';
import { useUser } from '../session/useSession.ts';
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
  const user = useUser();
  const items = useOutboxItems();
  const own = useMemo(() => items.filter(item => isOwn(item, order.id)), [items, order.id]);
  const names = useMemo(() => staff.map(({ name }) => name), [staff]);
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
      {!notes.isLoading && notes.error === null && notes.rows.length === 0 && own.length === 0 && (
        <p className={styles.empty}>{words.empty}</p>
      )}
      <ul className={styles.list} aria-label={words.title}>
        {notes.rows.map(note => (
          <NoteItem
            key={note.id}
            note={note}
            names={names}
            item={own.find(({ result }) => result === note.id)}
          />
        ))}
        {unsent(own, notes.rows, user.id).map(item => (
          <NoteItem key={`unsent ${item.place}`} note={asNote(item, user)} names={names} item={item} />
        ))}
      </ul>
      <NoteForm order={order} onTyping={onTyping} />
    </section>
  );
}

type OwnNote = OutboxItem & { command: Extract<Command, { kind: 'note' }> };

const isOwn = (item: OutboxItem, workOrderId: number): item is OwnNote =>
  item.command.kind === 'note' && item.command.workOrderId === workOrderId;

/** A device's clock may be this far off, in milliseconds. */
const CLOCK_MS = 60_000;

/** Those that are not among the notes. Its event may be here before the answer to its writing is. */
function unsent(own: readonly OwnNote[], notes: readonly Note[], author: number): OwnNote[] {
  const isHere = ({ at, command }: OwnNote) =>
    notes.some(
      note =>
        note.author_id === author &&
        note.content === command.note.content &&
        Date.parse(note.created_at) > Date.parse(at) - CLOCK_MS,
    );
  return own.filter(
    item => item.state === 'refused' || (isPending(item) && !(item.state === 'sent' && isHere(item))),
  );
}

function asNote({ at, command }: OwnNote, { id, name }: User): Note {
  const { content, customer_visible = false } = command.note;
  return {
    id: 0,
    work_order_id: command.workOrderId,
    author_id: id,
    author_name: name,
    content,
    customer_visible,
    created_at: at,
  };
}

interface ItemProps {
  note: Note;
  names: readonly string[];
  /** Where it stands, if it was written here and is not long confirmed. */
  item: OutboxItem | undefined;
}

function NoteItem({ note, names, item }: ItemProps) {
  return (
    <li className={styles.note} data-customer={note.customer_visible || undefined}>
      <Avatar name={note.author_name} />
      <div className={styles.body}>
        <p className={styles.byline}>
          <strong>{note.author_name}</strong>{' '}
          <time dateTime={note.created_at}>{moment(note.created_at)}</time>
          {note.customer_visible && <span className={styles.visible}>{words.forCustomer}</span>}{' '}
          {item && <CommandMark item={item} />}
        </p>
        <p className={styles.content}>
          {pieces(note.content, names).map(({ text, isMention }, place) =>
            // oxlint-disable-next-line react/no-array-index-key -- the pieces of a note never change
            isMention ? <mark key={place}>{text}</mark> : text,
          )}
        </p>
        {item && <Refused item={item} />}
      </div>
    </li>
  );
}
