import { Link } from '@tanstack/react-router';
import { usePresence } from '@shopbell/react';
import { initials } from '../format.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import styles from './PeopleLink.module.css';

const MOST = 3;

/** The colleagues who are online, at a glance; leads to all of them. */
export function PeopleLink({ className = '' }: { className?: string | undefined }) {
  const user = useUser();
  const online = usePresence().filter(({ userId }) => userId !== user.id);
  if (online.length === 0) return null;
  return (
    <Link
      to="/people"
      className={`${styles.link} ${className}`}
      aria-label={strings.people.online(online.length)}
      title={online.map(({ userName }) => userName).join('\n')}
    >
      {online.slice(0, MOST).map(({ userId, userName }) => (
        <span key={userId} className={styles.face} data-initials={initials(userName)} aria-hidden />
      ))}
      {online.length > MOST && (
        <span className={styles.face} data-initials={`+${online.length - MOST}`} aria-hidden />
      )}
    </Link>
  );
}
