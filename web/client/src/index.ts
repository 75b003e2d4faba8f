export type * from './generated/index.ts';
export { createClient, ShopbellClient, type ClientOptions } from './client.ts';
export { Connection, type Ack } from './connection/connection.ts';
export { transitions, type ConnectionEvent, type ConnectionState } from './connection/states.ts';
export { type Signals } from './connection/browserSignals.ts';
export type { Change, ServerEvent } from './live/change.ts';
export { Reading } from './live/reading.ts';
export { emptyState, newestFirst, type LiveState } from './live/state.ts';
export { LiveStore } from './live/store.ts';
export { ApiError } from './rest/apiError.ts';
export {
  demoPeople,
  type Api,
  type NotificationFilter,
  type Page,
  type WorkOrderFilter,
} from './rest/api.ts';
export type { Answer } from './rest/http.ts';
export {
  mayEdit,
  mayTake,
  mayAssign,
  movesFrom,
  priorities,
  statuses,
  type EditableField,
} from './rules/workOrderRules.ts';
export { Session, type SessionOptions, type SessionState, type SignedOutReason } from './session/session.ts';
export { browserRefreshTokens, type RefreshTokens } from './session/refreshTokens.ts';
export { webLock, type Lock } from './session/lock.ts';
export { SignedOut, tokensFrom, type TokenSource } from './session/tokenSource.ts';
export { Subscribers } from './subscribers.ts';
