import { useEffect, useState } from 'react';
import { demoPeople, type DemoPerson } from '@shopbell/client';
import { initials } from '../format.ts';
import { strings } from '../strings.ts';
import styles from './DemoPeople.module.css';

interface Props {
  isBusy: boolean;
  onChoose: (person: DemoPerson) => void;
}

/** The people of the demo, one click away; nothing when the server does not run as one. */
export function DemoPeople({ isBusy, onChoose }: Props) {
  const [people, setPeople] = useState<readonly DemoPerson[]>([]);
  useEffect(() => {
    let isMounted = true;
    // Whoever has a password signs in without them.
    demoPeople('').then(
      answer => isMounted && setPeople(answer ?? []),
      () => {},
    );
    return () => {
      isMounted = false;
    };
  }, []);

  const shops = [...new Set(people.map(person => person.shop))];
  if (shops.length === 0) return null;
  return (
    <section className={styles.demo}>
      <h2>{strings.signIn.demo}</h2>
      {shops.map(shop => (
        <div key={shop}>
          <h3>{strings.signIn.demoShop(shop)}</h3>
          <ul className={styles.people}>
            {people
              .filter(person => person.shop === shop)
              .map(person => (
                <li key={person.email}>
                  <button
                    type="button"
                    className={styles.person}
                    disabled={isBusy}
                    aria-label={strings.signIn.as(person.name, strings.roles[person.role])}
                    onClick={() => onChoose(person)}
                  >
                    <span className={styles.avatar} data-initials={initials(person.name)} aria-hidden />
                    <span>
                      <strong>{person.name}</strong>
                      {/* Drawn, not written: the button's name says it after the person's. */}
                      <span className={styles.role} data-role={strings.roles[person.role]} aria-hidden />
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
