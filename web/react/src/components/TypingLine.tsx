import type { Typist } from '@shopbell/client';
import { Styles } from './styles.tsx';

export interface TypingLineProps {
  typists: readonly Typist[];
  /** Who types, in a sentence; called with one at least. */
  say?: (typists: readonly Typist[]) => string;
  className?: string;
}

function english(typists: readonly Typist[]): string {
  const [first, second, ...others] = typists.map(typist => typist.userName);
  if (second === undefined) return `${first} is typing…`;
  return others.length === 0 ? `${first} and ${second} are typing…` : 'Several people are typing…';
}

/** Says who types, read out politely. Keeps its place when nobody does, so that nothing jumps. */
export default function TypingLine({ typists, say = english, className = '' }: TypingLineProps) {
  return (
    <output className={`shopbell-typing ${className}`}>
      <Styles />
      {typists.length > 0 && (
        <>
          <span className="shopbell-dots" aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {say(typists)}
        </>
      )}
    </output>
  );
}
