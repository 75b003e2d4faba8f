// Generated from crates/protocol by `make generate`; `make check` fails when it is stale.

export type ShopId = number;

export type UserId = number;

export type CustomerId = number;

export type TicketId = number;

export type WorkOrderId = number;

export type NoteId = number;

export type NotificationId = number;

export type Seq = number;

export type Version = number;

export type Epoch = string;

export type Timestamp = string;

export type Money = string;

export type Role = "admin" | "manager" | "technician" | "front_desk";

export type Status = "intake" | "diagnosing" | "quoted" | "awaiting_approval" | "pending" | "parts_ordered" | "in_progress" | "testing" | "completed" | "ready_for_pickup" | "picked_up" | "declined" | "cancelled";

export type TicketStatus = "intake" | "converted" | "cancelled";

export type Priority = "low" | "medium" | "high" | "urgent";

export type Code = "authentication_required" | "bad_room" | "conflict" | "event_required" | "forbidden" | "idempotency_key_reused" | "illegal_transition" | "internal_error" | "invalid_credentials" | "invalid_payload" | "invalid_token" | "malformed" | "method_not_allowed" | "not_found" | "not_in_room" | "reserved_event" | "resync_required" | "room_limit" | "storage_full" | "technician_required" | "token_expired" | "token_in_query" | "too_large" | "too_many_connections" | "unavailable" | "unknown_event" | "unknown_field" | "unsupported_media_type" | "validation_failed" | "version_mismatch";

export type FieldError = { field: string, message: string, };

export type ErrorBody = { status: 'fail' | 'error', code: Code, message: string, request_id: string, errors?: Array<FieldError>, 
/**
 * The current row, with `version_mismatch` alone.
 */
data?: unknown, };

export type RefusalData = { code: Code, };

export type User = { id: UserId, name: string, email: string | null, role: Role, is_active: boolean, last_seen: Timestamp | null, created_at: Timestamp | null, updated_at: Timestamp | null, version: Version | null, };

export type NewUser = { name: string, email: string, role: Role, password: string, };

export type UserPatch = { name?: string, role?: Role, is_active?: boolean, password?: string, };

export type LoginRequest = { email: string, password: string, };

export type RefreshRequest = { refresh_token: string, };

export type TokenPair = { user: User, access_token: string, refresh_token: string, 
/**
 * Seconds until the access token expires.
 */
expires_in: number, };

export type DemoPerson = { shop: ShopId, email: string, name: string, role: Role, password: string, };

export type Passcode = string;

export type WorkOrder = { id: WorkOrderId, number: string, ticket_id: TicketId | null, customer_id: CustomerId, customer_name: string, customer_phone: string | null, customer_email: string | null, device: string, device_passcode: Passcode | null, description: string, status: Status, priority: Priority, technician_id: UserId | null, technician_name: string | null, estimate_total: Money | null, cost_total: Money | null, due_at: Timestamp | null, started_at: Timestamp | null, completed_at: Timestamp | null, created_at: Timestamp, updated_at: Timestamp, version: Version, };

export type WorkOrderPatch = { status?: Status, 
/**
 * Why an illegal move is to be made all the same; admins and managers only.
 */
override_reason?: string, technician_id?: UserId | null, customer_id?: CustomerId, device?: string, device_passcode?: Passcode | null, description?: string, priority?: Priority, estimate_total?: Money | null, cost_total?: Money | null, due_at?: Timestamp | null, };

export type NewWorkOrder = { customer_id: CustomerId, device: string, description: string, 
/**
 * `medium` when left out.
 */
priority?: Priority, technician_id?: UserId, estimate_total?: Money, due_at?: Timestamp, device_passcode?: Passcode, };

export type WorkOrderBulk = { ids: Array<WorkOrderId>, changes: WorkOrderPatch, };

export type HistoryEntry = { seq: Seq, event: string, payload: WorkOrderUpdated, at: Timestamp, };

export type Customer = { id: CustomerId, name: string, phone: string | null, email: string | null, address: string | null, notes: string | null, created_at: Timestamp, updated_at: Timestamp, version: Version, };

export type NewCustomer = { name: string, phone?: string, email?: string, address?: string, notes?: string, };

export type CustomerPatch = { name?: string, phone?: string | null, email?: string | null, address?: string | null, notes?: string | null, };

export type Ticket = { id: TicketId, number: string, 
/**
 * The same text as `number`.
 */
ticket_number: string, customer_id: CustomerId, customer_name: string, customer_phone: string | null, device: string, problem_description: string, notes: string | null, status: TicketStatus, priority: Priority, submitted_by: UserId, submitted_by_name: string, work_order_id: WorkOrderId | null, created_at: Timestamp, updated_at: Timestamp, version: Version, };

export type NewTicket = { customer_id: CustomerId, device: string, problem_description: string, 
/**
 * `medium` when left out.
 */
priority?: Priority, notes?: string, };

export type TicketPatch = { status?: TicketStatus, customer_id?: CustomerId, device?: string, problem_description?: string, priority?: Priority, notes?: string | null, };

export type TicketConversion = { description?: string, priority?: Priority, technician_id?: UserId | null, };

export type Note = { id: NoteId, work_order_id: WorkOrderId, author_id: UserId, author_name: string, content: string, customer_visible: boolean, created_at: Timestamp, };

export type NewNote = { content: string, 
/**
 * `false` when left out.
 */
customer_visible?: boolean, };

export type NotificationType = "work_order" | "repair_ticket" | "system" | "communication" | "info" | "success" | "warning" | "error";

export type Reason = "role" | "owner" | "watching" | "mentioned" | "assigned";

export type Urgency = "quiet" | "normal" | "interrupt";

export type EntityType = "work_order" | "repair_ticket";

export type Notification = { id: NotificationId, user_id: UserId, type: NotificationType, 
/**
 * Rendered English text.
 */
title: string, message: string, 
/**
 * For a client that renders in another language.
 */
title_key: string, message_key: string, message_params: Record<string, string | number | null>, reason: Reason, urgency: Urgency, is_read: boolean, related_entity_type: EntityType | null, related_entity_id: number | null, 
/**
 * How many events are folded into this row.
 */
event_count: number, created_at: Timestamp, updated_at: Timestamp, };

export type NotificationCount = { count: number, unread: number, };

export type NotificationPatch = { is_read: boolean, };

export type MarkAllRead = { up_to_id: NotificationId, };

export type MarkedRead = { updated: number, };

export type ViewerStatus = "left" | "away" | "idle" | "viewing" | "editing";

export type Viewer = { userId: UserId, userName: string, status: ViewerStatus, };

export type RoomAck = { ok: true, room: string, 
/**
 * Every durable event up to here was already sent to this connection.
 */
seq: Seq, 
/**
 * The other people in the room.
 */
viewers: Array<Viewer>, };

export type SyncAck = { ok: true, 
/**
 * Every event up to here has been sent; live events follow.
 */
to: Seq, epoch: Epoch, 
/**
 * How many events were sent.
 */
count: number, };

export type AuthenticateAck = { ok: true, expiresAt: Timestamp, };

export type RefusedAck = { ok: false, code: Code, message: string, 
/**
 * When asking again may help, in milliseconds.
 */
retryAfterMs?: number, };

export type TypingStart = { roomName: string, message?: string, field?: string, };

export type EventErrorPayload = { event: string, code: Code, message: string, timestamp: Timestamp, };

export type ResyncReason = "session" | "epoch" | "too_old" | "ahead" | "role";

export type ResyncRequired = { reason: ResyncReason, seq: Seq, timestamp: Timestamp, };

export type RoomLeftReason = "access_revoked";

export type RoomLeft = { roomName: string, reason: RoomLeftReason, timestamp: Timestamp, };

export type TokenExpiring = { expiresAt: Timestamp, timestamp: Timestamp, };

export type TokenExpired = { expiredAt: Timestamp, timestamp: Timestamp, };

export type UserPresence = { userId: UserId, userName: string, role: Role, timestamp: Timestamp, };

export type UserTyping = { userId: UserId, userName: string, roomName: string, message: string | null, field: string | null, timestamp: Timestamp, };

export type UserPresenceUpdate = { userId: UserId, userName: string, status: ViewerStatus, workOrderId: WorkOrderId, timestamp: Timestamp, };

export type Activity = "active" | "idle";

export type PresentUser = { userId: UserId, userName: string, role: Role, status: Activity, };

export type PresenceSnapshot = { users: Array<PresentUser>, timestamp: Timestamp, };

export type TicketAction = "created" | "updated" | "converted" | "cancelled";

export type TicketData = { workOrderId: WorkOrderId, } | { updatedFields: Record<string, true>, updatedBy: UserId, };

export type RepairTicketUpdated = { ticketId: TicketId, action: TicketAction, ticket: Ticket, 
/**
 * `null` for `created` and `cancelled`.
 */
data: TicketData | null, timestamp: Timestamp, seq: Seq, };

export type RepairTicketRemoved = { ticketId: TicketId, timestamp: Timestamp, seq: Seq, };

export type Action = "created" | "status_changed" | "assigned" | "updated" | "note_added";

export type UpdateData = { oldStatus: Status, newStatus: Status, updatedBy: UserId, overrideReason: string | null, } | { technicianId: UserId | null, previousTechnicianId: UserId | null, assignedBy: UserId, } | { updatedFields: Record<string, true>, updatedBy: UserId, } | { note: Note, };

export type WorkOrderUpdated = { workOrderId: WorkOrderId, action: Action, workOrder: WorkOrder, 
/**
 * `null` for `created`.
 */
data: UpdateData | null, timestamp: Timestamp, seq: Seq, };

export type WorkOrderRemoved = { workOrderId: WorkOrderId, timestamp: Timestamp, seq: Seq, };

export type AssignmentAction = "assigned" | "unassigned";

export type WorkOrderRef = { id: WorkOrderId, number: string, };

export type WorkOrderOrRef = WorkOrder | WorkOrderRef;

export type WorkOrderAssignmentUpdate = { workOrderId: WorkOrderId, action: AssignmentAction, workOrder: WorkOrderOrRef, timestamp: Timestamp, seq: Seq, };

export type NotificationReceived = { notification: Notification, timestamp: Timestamp, seq: Seq, };

export type NotificationCountUpdated = { userId: UserId, unreadCount: number, timestamp: Timestamp, seq: Seq, };

export type NotificationDeleted = { ids: Array<NotificationId>, timestamp: Timestamp, seq: Seq, };

export type ReadMark = { ids: Array<NotificationId>, } | { upToId: NotificationId, };

export type NotificationRead = { isRead: boolean, timestamp: Timestamp, seq: Seq, } & ({ ids: Array<NotificationId>, } | { upToId: NotificationId, });

/** What the server sends, by event name. */
export type ServerEvents = {
  work_order_updated: WorkOrderUpdated;
  work_order_removed: WorkOrderRemoved;
  work_order_assignment_update: WorkOrderAssignmentUpdate;
  repair_ticket_updated: RepairTicketUpdated;
  repair_ticket_removed: RepairTicketRemoved;
  notification_received: NotificationReceived;
  notification_count_updated: NotificationCountUpdated;
  notification_deleted: NotificationDeleted;
  notification_read: NotificationRead;
  user_online: UserPresence;
  user_offline: UserPresence;
  user_typing_start: UserTyping;
  user_typing_stop: UserTyping;
  user_presence_update: UserPresenceUpdate;
  presence_snapshot: PresenceSnapshot;
  event_error: EventErrorPayload;
  resync_required: ResyncRequired;
  room_left: RoomLeft;
  token_expired: TokenExpired;
  token_expiring: TokenExpiring;
};

/** The events that the journal keeps. */
export type DurableName = 'work_order_updated' | 'work_order_removed' | 'work_order_assignment_update' | 'repair_ticket_updated' | 'repair_ticket_removed' | 'notification_received' | 'notification_count_updated' | 'notification_deleted' | 'notification_read';

/** A row of `GET /api/events`. */
export type JournalEvent = {
  [Name in DurableName]: { seq: Seq; event: Name; payload: ServerEvents[Name] };
}[DurableName];
