import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import { Inbox } from './Inbox.tsx';
import styles from './NotificationsPage.module.css';

export function NotificationsPage() {
  return (
    <div className={styles.page}>
      <PageTitle>{strings.notifications.title}</PageTitle>
      <Inbox heading={<h1>{strings.notifications.title}</h1>} />
    </div>
  );
}
