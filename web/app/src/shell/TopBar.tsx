import { Link } from '@tanstack/react-router';
import { Bell } from '../look/Bell.tsx';
import { NotificationBell } from '../notifications/NotificationBell.tsx';
import { StatusChip } from '../outbox/StatusChip.tsx';
import { PeopleLink } from '../people/PeopleLink.tsx';
import { strings } from '../strings.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { places } from './places.tsx';
import styles from './TopBar.module.css';

export function TopBar() {
  return (
    <header className={styles.bar}>
      <Link to="/work-orders" className={styles.brand}>
        <Bell className={styles.mark} />
        <span>{strings.product}</span>
      </Link>
      <nav aria-label={strings.shell.navigation} className={styles.nav}>
        {places.map(({ to, name }) => (
          <Link key={to} to={to} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
            {name}
          </Link>
        ))}
      </nav>
      <div className={styles.side}>
        <StatusChip />
        <PeopleLink className={styles.people} />
        <NotificationBell className={styles.bell} />
        <AccountMenu />
      </div>
    </header>
  );
}
