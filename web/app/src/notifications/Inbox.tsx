import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { InboxFilter, Notification } from '@shopbell/client';
import { NotificationInbox } from '@shopbell/react';
import { moment } from '../format.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { strings } from '../strings.ts';
import { pathOf } from './pathOf.ts';
import styles from './Inbox.module.css';

interface Props {
  heading: ReactNode;
  filter?: InboxFilter;
  /** After one was opened. */
  onOpen?: () => void;
}

const everything: InboxFilter = {};

const dot = ({ urgency }: Notification) => <span className={styles.dot} data-urgency={urgency} aria-hidden />;

function nothing({ unread, type }: InboxFilter): string {
  if (type !== undefined) return strings.notifications.emptyFiltered;
  return unread ? strings.notifications.emptyUnread : strings.notifications.emptyText;
}

/** The kit's inbox in this application's look. */
export function Inbox({ heading, filter = everything, onOpen }: Props) {
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
      filter={filter}
      onOpen={open}
      icon={dot}
      labels={{
        time: moment,
        failed: strings.refusal,
        empty: <Nothing title={strings.notifications.emptyTitle} text={nothing(filter)} />,
      }}
    />
  );
}
