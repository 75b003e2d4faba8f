import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useUnreadCount } from '@shopbell/react';
import { InboxIcon } from '../look/icons.tsx';
import { strings } from '../strings.ts';
import { places } from './places.tsx';
import styles from './BottomBar.module.css';

/** Navigation within the thumb's reach, on phones. */
export function BottomBar() {
  const unread = useUnreadCount() ?? 0;
  return (
    <nav aria-label={strings.shell.navigation} className={styles.bar}>
      {places.map(({ to, name, icon }) => (
        <Link key={to} to={to} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
          {icon}
          {name}
        </Link>
      ))}
      <Link to="/notifications" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
        <span className={styles.icon}>
          <InboxIcon />
          {unread > 0 && (
            <span className={styles.count} data-count={unread > 99 ? '99+' : unread} aria-hidden />
          )}
        </span>
        {strings.shell.notifications}
        {unread > 0 && (
          <VisuallyHidden component="span">{strings.notifications.unread(unread)}</VisuallyHidden>
        )}
      </Link>
    </nav>
  );
}
