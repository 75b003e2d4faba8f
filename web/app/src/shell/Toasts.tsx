import { useEffect } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { toast, Toaster } from 'sonner';
import type { Notification } from '@shopbell/client';
import { NotificationToaster, useClient, useLive } from '@shopbell/react';
import { pathOf } from '../notifications/pathOf.ts';
import { strings } from '../strings.ts';
import styles from './Toasts.module.css';

const NORMAL_MS = 6000;
const INTERRUPT_MS = 15_000;

/** Shows notifications as they arrive. Sonner keeps them in a live region, so that they are read out too. */
export function Toasts() {
  const navigate = useNavigate();
  const client = useClient();

  function show(notification: Notification) {
    const path = pathOf(notification);
    const isInterrupt = notification.urgency === 'interrupt';
    toast(notification.title, {
      // One that is folded into again takes its earlier toast's place.
      id: toastOf(notification.id),
      description: notification.message,
      duration: isInterrupt ? INTERRUPT_MS : NORMAL_MS,
      ...(isInterrupt && { className: `${styles.toast} ${styles.interrupt}` }),
      ...(path && {
        action: {
          label: strings.shell.open,
          onClick: () => {
            // Refused or unreachable: it stays unread in the inbox, which is true.
            client.inboxes.mark(notification.id, true).catch(() => {});
            void navigate(path);
          },
        },
      }),
    });
  }

  useDismissRead();

  return (
    <>
      <NotificationToaster onNotification={show} />
      <Toaster
        theme="system"
        position="bottom-right"
        closeButton
        containerAriaLabel={strings.shell.toasts}
        mobileOffset={{ bottom: '5rem' }}
        style={{ fontFamily: 'inherit' }}
        toastOptions={{ className: styles.toast ?? '' }}
      />
    </>
  );
}

const toastOf = (notification: number) => `notification-${notification}`;

/** Takes a toast away when its notification was read, here or on another of the person's screens. */
function useDismissRead() {
  const notifications = useLive(state => state.notifications);
  useEffect(() => {
    const shown = new Set(toast.getToasts().map(({ id }) => id));
    for (const { row } of notifications.values()) {
      if (row.is_read && shown.has(toastOf(row.id))) toast.dismiss(toastOf(row.id));
    }
  }, [notifications]);
}
