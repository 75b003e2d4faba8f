import { Button, NativeSelect } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { InboxFilter } from '@shopbell/client';
import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import { parseInboxFilter, types } from './filter.ts';
import { Inbox } from './Inbox.tsx';
import styles from './NotificationsPage.module.css';

const route = getRouteApi('/shell/notifications');
const words = strings.notifications;

export function NotificationsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Record<keyof InboxFilter, unknown>) =>
    void navigate({ search: parseInboxFilter(next), replace: true });
  const { unread, type } = filter;
  return (
    <div className={styles.page}>
      <PageTitle>{words.title}</PageTitle>
      <Inbox
        filter={filter}
        heading={
          <>
            <h1>{words.title}</h1>
            <search className={styles.filters} aria-label={words.filters}>
              <Button.Group>
                <Button
                  size="xs"
                  variant={unread ? 'default' : 'filled'}
                  aria-pressed={!unread}
                  onClick={() => change({ type, unread: false })}
                >
                  {words.all}
                </Button>
                <Button
                  size="xs"
                  variant={unread ? 'filled' : 'default'}
                  aria-pressed={unread ?? false}
                  onClick={() => change({ type, unread: true })}
                >
                  {words.onlyUnread}
                </Button>
              </Button.Group>
              <NativeSelect
                size="xs"
                aria-label={words.type}
                value={type ?? ''}
                onChange={event => change({ unread, type: event.currentTarget.value })}
              >
                <option value="">{words.anyType}</option>
                {types.map(name => (
                  <option key={name} value={name}>
                    {words.types[name]}
                  </option>
                ))}
              </NativeSelect>
            </search>
          </>
        }
      />
    </div>
  );
}
