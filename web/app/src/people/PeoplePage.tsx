import { Button, Skeleton } from '@mantine/core';
import { ApiError, type User } from '@shopbell/client';
import { useConnectionStatus, usePresence } from '@shopbell/react';
import { Avatar } from '../look/Avatar.tsx';
import { useUser } from '../session/useSession.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { strings } from '../strings.ts';
import { useStaffQuery } from './useStaff.ts';
import styles from './PeoplePage.module.css';

const words = strings.people;

/** Who works here, and who of them is online as far as this person is told. */
export function PeoplePage() {
  const user = useUser();
  const { isConnected } = useConnectionStatus();
  const online = usePresence().filter(({ userId }) => userId !== user.id);
  const seesEveryone = user.role === 'admin' || user.role === 'manager';
  return (
    <div className={styles.page}>
      <PageHead title={words.title} />
      <section aria-labelledby="here">
        <h2 id="here">{words.here}</h2>
        <ul className={styles.here} aria-label={words.here}>
          <Person
            name={user.name}
            word={`${strings.roles[user.role]} · ${words.you}`}
            isOnline={isConnected}
          />
          {online.map(({ userId, userName, role }) => (
            <Person key={userId} name={userName} word={strings.roles[role]} isOnline />
          ))}
        </ul>
        {!isConnected && <p className={styles.hint}>{words.notLive}</p>}
        {isConnected && online.length === 0 && <p className={styles.hint}>{words.nobody}</p>}
        {!seesEveryone && <p className={styles.hint}>{words.scope}</p>}
      </section>
      <section aria-labelledby="everyone">
        <h2 id="everyone">{words.everyone}</h2>
        <Everyone />
      </section>
    </div>
  );
}

function Everyone() {
  const { data, error, isPending, refetch } = useStaffQuery();
  if (isPending) return <Skeleton height={160} aria-label={words.loading} />;
  if (data === undefined) {
    const text = error instanceof ApiError ? strings.refusal(error) : '';
    const retry = <Button onClick={() => void refetch()}>{strings.failure.retry}</Button>;
    return <Nothing isFailure title={words.failed} text={text} action={retry} />;
  }
  return (
    <ul className={styles.list} aria-label={words.everyone}>
      {data.map(person => (
        <Person key={person.id} name={person.name} word={wordOf(person)} />
      ))}
    </ul>
  );
}

const wordOf = ({ role, is_active }: User) =>
  is_active ? strings.roles[role] : `${strings.roles[role]} · ${words.disabled}`;

function Person({ name, word, isOnline = false }: { name: string; word: string; isOnline?: boolean }) {
  return (
    <li className={styles.person}>
      <Avatar name={name} isOnline={isOnline} />
      <span className={styles.name}>{name}</span>
      <span className={styles.word}>{word}</span>
    </li>
  );
}
