export type * from './generated/index.ts';
export { createClient, ShopbellClient, type ClientOptions } from './client.ts';
export { Connection, type Ack } from './connection/connection.ts';
export { transitions, type ConnectionEvent, type ConnectionState } from './connection/states.ts';
export { type Signals } from './connection/browserSignals.ts';
export type { Change, DurableEvent, ServerEvent } from './live/change.ts';
export { Inboxes } from './live/inboxes.ts';
export { Fallback } from './live/fallback.ts';
export { Reading } from './live/reading.ts';
export {
  emptyState,
  inboxName,
  newestFirst,
  type Grown,
  type InboxFilter,
  type Known,
  type LiveState,
} from './live/state.ts';
export { LiveStore } from './live/store.ts';
export { Timeline } from './live/timeline.ts';
export { edit, type Command } from './outbox/command.ts';
export {
  isPending,
  unreadWithPending,
  withPending,
  withPendingMarks,
  type CommandState,
  type Kept,
  type OutboxItem,
  type Refusal,
} from './outbox/item.ts';
export { MOST_KEPT, Outbox, type OutboxOptions } from './outbox/outbox.ts';
export { browserOutbox, inText, memoryOutbox, type OutboxStorage } from './outbox/storage.ts';
export { uuid } from './outbox/uuid.ts';
export { browserTabs, type TabMessage, type Tabs } from './outbox/tabs.ts';
export { Attention, type AttentionState, type Use } from './people/attention.ts';
export { nobody, Presence, workOrderRoom, type PresenceState } from './people/presence.ts';
export { nobodyTypes, Typing, type Typist, type TypingState } from './people/typing.ts';
export { ApiError } from './rest/apiError.ts';
export {
  demoPeople,
  type Api,
  type Delivery,
  type NotificationFilter,
  type Page,
  type TicketFilter,
  type WorkOrderFilter,
} from './rest/api.ts';
export type { Answer } from './rest/http.ts';
export {
  mayCancel,
  mayChangeMany,
  mayConvert,
  mayEditCustomers,
  mayEditTicket,
  mayOpenWorkOrders,
  MOST_AT_ONCE,
} from './rules/rights.ts';
export {
  mayEdit,
  mayTake,
  mayAssign,
  movesFrom,
  movesOf,
  needsTechnician,
  priorities,
  statuses,
  type EditableField,
} from './rules/workOrderRules.ts';
export { Session, type SessionOptions, type SessionState, type SignedOutReason } from './session/session.ts';
export { browserRefreshTokens, type RefreshTokens } from './session/refreshTokens.ts';
export { webLock, type Lock } from './session/lock.ts';
export { SignedOut, tokensFrom, type TokenSource } from './session/tokenSource.ts';
export { Subscribers } from './subscribers.ts';
export type { Cursor } from './live/cursor.ts';
