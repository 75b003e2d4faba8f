import type {
  Customer,
  CustomerPatch,
  DemoPerson,
  HistoryEntry,
  JournalEvent,
  MarkAllRead,
  MarkedRead,
  NewCustomer,
  NewNote,
  NewTicket,
  NewWorkOrder,
  Note,
  Notification,
  NotificationCount,
  NotificationPatch,
  NotificationType,
  Priority,
  Role,
  Status,
  Ticket,
  TicketConversion,
  TicketPatch,
  TicketStatus,
  User,
  WorkOrder,
  WorkOrderBulk,
  WorkOrderPatch,
} from '../generated/index.ts';
import type { TokenSource } from '../session/tokenSource.ts';
import { ApiError } from './apiError.ts';
import { send, type Answer, type Request } from './http.ts';
import type { Cursor } from '../live/cursor.ts';

export interface Page {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface WorkOrderFilter {
  status?: readonly Status[] | undefined;
  priority?: readonly Priority[] | undefined;
  technician_id?: number | undefined;
  customer_id?: number | undefined;
  search?: string | undefined;
}

export interface TicketFilter {
  status?: readonly TicketStatus[] | undefined;
  customer_id?: number | undefined;
  search?: string | undefined;
}

export interface NotificationFilter {
  unread?: true | undefined;
  type?: NotificationType | undefined;
}

/** How a write is sent. */
export interface Delivery {
  /** The version that the person saw: refused as `version_mismatch` when somebody changed the row since. */
  version?: number | undefined;
  key?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Told of every answer before whoever asked; gives `false` for one of a journal that is no more, which is asked again. */
export type Witness = (answer: Pick<Answer<unknown>, 'seq' | 'epoch'>, isRead: boolean) => boolean;

/** The REST routes as functions; every one rejects with `ApiError` or `SignedOut`. */
export type Api = ReturnType<typeof createApi>;

/** The people of the demo; `null` when the server does not run as one. Needs no token. */
export async function demoPeople(url: string): Promise<readonly DemoPerson[] | null> {
  try {
    return (await send<DemoPerson[]>(url, { path: '/api/auth/demo' })).data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export function createApi(url: string, tokens: TokenSource, witness: Witness = () => true) {
  async function call<T>(request: Request): Promise<Answer<T>> {
    const answer = await ask<T>(request);
    const isRead = (request.method ?? 'GET') === 'GET';
    return witness(answer, isRead) || !isRead ? answer : ask<T>(request);
  }

  async function ask<T>(request: Request): Promise<Answer<T>> {
    const token = await tokens.access();
    try {
      return await send<T>(url, { ...request, token });
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      if (!refused) throw error;
      return send<T>(url, { ...request, token: await tokens.renew(token) });
    }
  }

  return {
    me: () => call<User>({ path: '/api/auth/me' }),

    users: (filter: { role?: Role } = {}, signal?: AbortSignal) =>
      call<User[]>({ path: '/api/users', query: { ...filter, limit: 100 }, signal }),

    workOrders: ({ status, priority, ...rest }: WorkOrderFilter & Page = {}, signal?: AbortSignal) =>
      call<WorkOrder[]>({
        path: '/api/work-orders',
        query: { ...rest, status: status?.join(','), priority: priority?.join(',') },
        signal,
      }),

    workOrder: (id: number, signal?: AbortSignal) =>
      call<WorkOrder>({ path: `/api/work-orders/${id}`, signal }),

    patchWorkOrder: (id: number, patch: WorkOrderPatch, delivery: Delivery = {}) =>
      call<WorkOrder>({ method: 'PATCH', path: `/api/work-orders/${id}`, body: patch, ...delivery }),

    createWorkOrder: (order: NewWorkOrder) =>
      call<WorkOrder>({ method: 'POST', path: '/api/work-orders', body: order }),

    /** All of them or none; answers with the rows. */
    patchWorkOrders: (bulk: WorkOrderBulk) =>
      call<WorkOrder[]>({ method: 'PATCH', path: '/api/work-orders/bulk', body: bulk }),

    notes: (workOrder: number, page: Page = {}, signal?: AbortSignal) =>
      call<Note[]>({ path: `/api/work-orders/${workOrder}/notes`, query: { ...page }, signal }),

    createNote: (workOrder: number, note: NewNote, delivery: Delivery = {}) =>
      call<Note>({ method: 'POST', path: `/api/work-orders/${workOrder}/notes`, body: note, ...delivery }),

    /** Newest first. */
    history: (workOrder: number, page: Page = {}, signal?: AbortSignal) =>
      call<HistoryEntry[]>({ path: `/api/work-orders/${workOrder}/history`, query: { ...page }, signal }),

    tickets: ({ status, ...rest }: TicketFilter & Page = {}, signal?: AbortSignal) =>
      call<Ticket[]>({ path: '/api/tickets', query: { ...rest, status: status?.join(',') }, signal }),

    ticket: (id: number, signal?: AbortSignal) => call<Ticket>({ path: `/api/tickets/${id}`, signal }),

    createTicket: (ticket: NewTicket, delivery: Delivery = {}) =>
      call<Ticket>({ method: 'POST', path: '/api/tickets', body: ticket, ...delivery }),

    patchTicket: (id: number, patch: TicketPatch, delivery: Delivery = {}) =>
      call<Ticket>({ method: 'PATCH', path: `/api/tickets/${id}`, body: patch, ...delivery }),

    /** Makes a work order of a ticket; answers with the order. */
    convertTicket: (id: number, conversion: TicketConversion) =>
      call<WorkOrder>({ method: 'POST', path: `/api/tickets/${id}/convert`, body: conversion }),

    customers: (filter: { search?: string | undefined } & Page = {}, signal?: AbortSignal) =>
      call<Customer[]>({ path: '/api/customers', query: { ...filter }, signal }),

    customer: (id: number, signal?: AbortSignal) => call<Customer>({ path: `/api/customers/${id}`, signal }),

    createCustomer: (customer: NewCustomer, delivery: Delivery = {}) =>
      call<Customer>({ method: 'POST', path: '/api/customers', body: customer, ...delivery }),

    patchCustomer: (id: number, patch: CustomerPatch, delivery: Delivery = {}) =>
      call<Customer>({ method: 'PATCH', path: `/api/customers/${id}`, body: patch, ...delivery }),

    notifications: (filter: NotificationFilter & Page = {}, signal?: AbortSignal) =>
      call<Notification[]>({ path: '/api/notifications', query: { ...filter }, signal }),

    notificationCount: () => call<NotificationCount>({ path: '/api/notifications/count' }),

    patchNotification: (id: number, patch: NotificationPatch, delivery: Delivery = {}) =>
      call<Notification>({ method: 'PATCH', path: `/api/notifications/${id}`, body: patch, ...delivery }),

    deleteNotification: (id: number) => call<unknown>({ method: 'DELETE', path: `/api/notifications/${id}` }),

    markAllRead: (mark: MarkAllRead, delivery: Delivery = {}) =>
      call<MarkedRead>({
        method: 'POST',
        path: '/api/notifications/mark-all-read',
        body: mark,
        ...delivery,
      }),

    /** The person's view of the journal after a place; 410 `resync_required` where it does not reach back that far. */
    events: ({ epoch, seq }: Cursor, limit: number, signal?: AbortSignal) =>
      call<JournalEvent[]>({ path: '/api/events', query: { after: seq, limit, epoch }, signal }),
  };
}
