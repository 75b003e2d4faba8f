export { default as ErrorBoundary, type ErrorBoundaryProps } from './components/ErrorBoundary.tsx';
export {
  WebSocketProvider,
  useClient,
  useWebSocket,
  type WebSocketProviderProps,
  type WebSocketValue,
} from './contexts/WebSocketContext.tsx';
export {
  default as NotificationInbox,
  type InboxLabels,
  type NotificationInboxProps,
} from './components/NotificationInbox.tsx';
export {
  default as NotificationToaster,
  type NotificationToasterProps,
} from './components/NotificationToaster.tsx';
export {
  default as PresenceAvatars,
  type Present,
  type PresenceAvatarsProps,
} from './components/PresenceAvatars.tsx';
export {
  default as RealTimeNotificationBadge,
  type RealTimeNotificationBadgeProps,
} from './components/RealTimeNotificationBadge.tsx';
export { default as TypingLine, type TypingLineProps } from './components/TypingLine.tsx';
export {
  default as WebSocketStatus,
  type StatusLabels,
  type WebSocketStatusProps,
} from './components/WebSocketStatus.tsx';
export { useConnectionStatus, useIsDelayed, type ConnectionStatus } from './hooks/useConnectionStatus.ts';
export { useHistory, useNotes, type Log } from './hooks/useLog.ts';
export { useLive } from './hooks/useLive.ts';
export { useNotifications, type Notifications } from './hooks/useNotifications.ts';
export { useCommandState, useOutbox, useOutboxItems, type OutboxValue } from './hooks/useOutbox.ts';
export { usePresence, useViewers } from './hooks/usePresence.ts';
export { useReading, type ReadingStatus } from './hooks/useReading.ts';
export { useRealTimeWorkOrder, type RealTimeWorkOrder } from './hooks/useRealTimeWorkOrder.ts';
export { useTyping, type RoomTyping } from './hooks/useTyping.ts';
export { useUnreadCount } from './hooks/useUnreadCount.ts';
