import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { RealTimeNotificationBadge } from '@shopbell/react';
import { strings } from '../strings.ts';
import { Inbox } from './Inbox.tsx';
import styles from './NotificationBell.module.css';

/** The bell with its count, and the newest notifications under it. */
export function NotificationBell({ className = '' }: { className?: string | undefined }) {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={420}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <RealTimeNotificationBadge
          className={className}
          label={strings.notifications.bell}
          onClick={() => setIsOpen(wasOpen => !wasOpen)}
        />
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label={strings.notifications.title}>
        <Inbox
          onOpen={close}
          heading={
            <Link to="/notifications" onClick={close}>
              {strings.notifications.seeAll}
            </Link>
          }
        />
      </Popover.Dropdown>
    </Popover>
  );
}
