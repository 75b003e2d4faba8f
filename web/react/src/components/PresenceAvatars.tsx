import { Styles } from './styles.tsx';

/** Somebody who is here: a user who is online, or one at a work order. */
export interface Present {
  userId: number;
  userName: string;
  status: string;
}

export interface PresenceAvatarsProps {
  people: readonly Present[];
  /** The list's accessible name. */
  label?: string;
  /** Somebody's name with what they do, such as "Ana Novak, editing". */
  describe?: (person: Present) => string;
  /** The word under the picture; none unless given. */
  word?: (person: Present) => string;
  /** How many are shown one by one; the rest is a number. */
  most?: number;
  className?: string;
}

const english = ({ userName, status }: Present) => `${userName}, ${status}`;

/** The people who are here, by their initials, with what they do. Draws nothing for nobody. */
export default function PresenceAvatars({
  people,
  label = 'Who is here',
  describe = english,
  word,
  most = 5,
  className = '',
}: PresenceAvatarsProps) {
  if (people.length === 0) return null;
  const shown = people.length > most ? people.slice(0, most - 1) : people;
  const rest = people.slice(shown.length);
  return (
    <ul className={`shopbell-avatars ${className}`} aria-label={label}>
      <Styles />
      {shown.map(person => (
        <li key={person.userId} className="shopbell-person" title={describe(person)}>
          <span
            className="shopbell-avatar"
            data-initials={initials(person.userName)}
            data-status={person.status}
            aria-hidden
          />
          <span className="shopbell-hidden">{describe(person)}</span>
          {word && (
            <span className="shopbell-word" aria-hidden>
              {word(person)}
            </span>
          )}
        </li>
      ))}
      {rest.length > 0 && (
        <li className="shopbell-person" title={rest.map(describe).join('\n')}>
          <span className="shopbell-avatar" data-initials={`+${rest.length}`} aria-hidden />
          <span className="shopbell-hidden">{rest.map(describe).join('; ')}</span>
        </li>
      )}
    </ul>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map(part => part?.[0]?.toUpperCase() ?? '')
    .join('');
}
