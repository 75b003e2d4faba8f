// The wire's types, generated from crates/protocol; a test never writes them by hand.
export type { Notification, ServerEvents, Status, WorkOrder } from '../client/src/generated/index.ts';
