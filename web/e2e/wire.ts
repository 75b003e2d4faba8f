// The wire's types, generated from crates/protocol; a test never writes them by hand.
export type {
  Customer,
  Note,
  Notification,
  Role,
  ServerEvents,
  Status,
  Ticket,
  User,
  WorkOrder,
} from '../client/src/generated/index.ts';
