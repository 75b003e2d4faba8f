import { useEffect, useEffectEvent } from 'react';
import type { Notification } from '@shopbell/client';
import { useClient } from '../contexts/WebSocketContext.tsx';

export interface NotificationToasterProps {
  /** A notification has arrived that is worth a toast. Show it in whatever way the application shows such things. */
  onNotification: (notification: Notification) => void;
}

/** Draws nothing: hands over each notification as it arrives, except the quiet ones. */
export default function NotificationToaster({ onNotification }: NotificationToasterProps) {
  const client = useClient();
  const arrived = useEffectEvent((notification: Notification) => {
    if (notification.urgency !== 'quiet' && !notification.is_read) onNotification(notification);
  });
  useEffect(() => client.onNotification(event => arrived(event.notification)), [client]);
  return null;
}
