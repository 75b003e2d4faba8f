import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Notification } from '@shopbell/client';
import { NotificationInbox } from '@shopbell/react';
import { moment } from '../format.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { strings } from '../strings.ts';
import { pathOf } from './pathOf.ts';
import styles from './Inbox.module.css';

interface Props {
  heading: ReactNode;
  /** After one was opened. */
  onOpen?: () => void;
}

const dot = ({ urgency }: Notification) => <span className={styles.dot} data-urgency={urgency} aria-hidden />;

/** The kit's inbox in this application's look. */
export function Inbox({ heading, onOpen }: Props) {
  const navigate = useNavigate();

  function open(notification: Notification) {
    const path = pathOf(notification);
    if (path !== null) void navigate(path);
    onOpen?.();
  }

  return (
    <NotificationInbox
      className={styles.inbox ?? ''}
      heading={heading}
      onOpen={open}
      icon={dot}
      labels={{
        time: moment,
        failed: strings.refusal,
        empty: <Nothing title={strings.notifications.emptyTitle} text={strings.notifications.emptyText} />,
      }}
    />
  );
}
