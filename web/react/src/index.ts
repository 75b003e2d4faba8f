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
  default as RealTimeNotificationBadge,
  type RealTimeNotificationBadgeProps,
} from './components/RealTimeNotificationBadge.tsx';
export {
  default as WebSocketStatus,
  type StatusLabels,
  type WebSocketStatusProps,
} from './components/WebSocketStatus.tsx';
export { useConnectionStatus, type ConnectionStatus } from './hooks/useConnectionStatus.ts';
export { useLive } from './hooks/useLive.ts';
export { useNotifications, type Notifications } from './hooks/useNotifications.ts';
export { useReading, type ReadingStatus } from './hooks/useReading.ts';
export { useRealTimeWorkOrder, type RealTimeWorkOrder } from './hooks/useRealTimeWorkOrder.ts';
export { useUnreadCount } from './hooks/useUnreadCount.ts';
