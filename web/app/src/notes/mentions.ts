import type { User, WorkOrder } from '@shopbell/client';

/** An `@` that is being written: where it stands, and what follows it up to the caret. */
export interface Mention {
  start: number;
  query: string;
}

/** The longest name that is looked for after an `@`. */
const LONGEST = 60;

export function mentionAt(text: string, caret: number): Mention | null {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || caret - start > LONGEST) return null;
  // An address has letters before it.
  if (start > 0 && /[\p{L}\p{N}]/u.test(text[start - 1] ?? '')) return null;
  const query = text.slice(start + 1, caret);
  return query.includes('\n') ? null : { start, query };
}

/** Colleagues whose first or last name begins as the query does. */
export function matching(people: readonly User[], query: string): User[] {
  const wanted = fold(query);
  return people.filter(({ name }) => {
    const folded = fold(name);
    if (folded === wanted.trim()) return false;
    return (
      folded.startsWith(wanted) || (wanted !== '' && folded.split(' ').some(part => part.startsWith(wanted)))
    );
  });
}

/** Without case and accents, as people type names in a hurry. */
const fold = (text: string) =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replaceAll('ł', 'l');

/** Whoever may be told of a note on this order: the others who see it. */
export function mentionable(staff: readonly User[], order: WorkOrder, author: User): User[] {
  return staff.filter(
    user =>
      user.is_active &&
      user.id !== author.id &&
      (user.role !== 'technician' || order.technician_id === null || order.technician_id === user.id),
  );
}

/** The text with the name in, and where the caret goes. */
export function withMention(text: string, { start, query }: Mention, name: string) {
  const before = `${text.slice(0, start)}@${name} `;
  return { text: before + text.slice(start + 1 + query.length).replace(/^ /, ''), caret: before.length };
}

/** A note in pieces, in which each mention of somebody is one. */
export function pieces(content: string, names: readonly string[]): { text: string; isMention: boolean }[] {
  if (names.length === 0) return [{ text: content, isMention: false }];
  // The longest first: "Ana Novak" must not end at an "Ana".
  const known = names.toSorted((a, b) => b.length - a.length).map(escape);
  const mention = new RegExp(`(@(?:${known.join('|')})(?![\\p{L}\\p{N}]))`, 'iu');
  return content
    .split(mention)
    .map((text, place) => ({ text, isMention: place % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
