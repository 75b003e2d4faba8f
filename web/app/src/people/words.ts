import type { Typist } from '@shopbell/client';
import { strings } from '../strings.ts';

/** Who types and where, in a sentence. */
export function sayTyping(typists: readonly Typist[]): string {
  return strings.people.typing(
    typists.map(typist => typist.userName),
    typists[0]?.field ?? null,
  );
}
