import type {
  Customer,
  CustomerPatch,
  DemoPerson,
  HistoryEntry,
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

export function createApi(url: string, tokens: TokenSource) {
  async function call<T>(request: Request): Promise<Answer<T>> {
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

    /** With `version`, refused as `version_mismatch` when somebody changed the order since. */
    patchWorkOrder: (id: number, patch: WorkOrderPatch, version?: number) =>
      call<WorkOrder>({ method: 'PATCH', path: `/api/work-orders/${id}`, body: patch, version }),

    createWorkOrder: (order: NewWorkOrder) =>
      call<WorkOrder>({ method: 'POST', path: '/api/work-orders', body: order }),

    /** All of them or none; answers with the rows. */
    patchWorkOrders: (bulk: WorkOrderBulk) =>
      call<WorkOrder[]>({ method: 'PATCH', path: '/api/work-orders/bulk', body: bulk }),

    notes: (workOrder: number, page: Page = {}, signal?: AbortSignal) =>
      call<Note[]>({ path: `/api/work-orders/${workOrder}/notes`, query: { ...page }, signal }),

    createNote: (workOrder: number, note: NewNote) =>
      call<Note>({ method: 'POST', path: `/api/work-orders/${workOrder}/notes`, body: note }),

    /** Newest first. */
    history: (workOrder: number, page: Page = {}, signal?: AbortSignal) =>
      call<HistoryEntry[]>({ path: `/api/work-orders/${workOrder}/history`, query: { ...page }, signal }),

    tickets: ({ status, ...rest }: TicketFilter & Page = {}, signal?: AbortSignal) =>
      call<Ticket[]>({ path: '/api/tickets', query: { ...rest, status: status?.join(',') }, signal }),

    ticket: (id: number, signal?: AbortSignal) => call<Ticket>({ path: `/api/tickets/${id}`, signal }),

    createTicket: (ticket: NewTicket) => call<Ticket>({ method: 'POST', path: '/api/tickets', body: ticket }),

    patchTicket: (id: number, patch: TicketPatch, version?: number) =>
      call<Ticket>({ method: 'PATCH', path: `/api/tickets/${id}`, body: patch, version }),

    /** Makes a work order of a ticket; answers with the order. */
    convertTicket: (id: number, conversion: TicketConversion) =>
      call<WorkOrder>({ method: 'POST', path: `/api/tickets/${id}/convert`, body: conversion }),

    customers: (filter: { search?: string | undefined } & Page = {}, signal?: AbortSignal) =>
      call<Customer[]>({ path: '/api/customers', query: { ...filter }, signal }),

    customer: (id: number, signal?: AbortSignal) => call<Customer>({ path: `/api/customers/${id}`, signal }),

    createCustomer: (customer: NewCustomer) =>
      call<Customer>({ method: 'POST', path: '/api/customers', body: customer }),

    patchCustomer: (id: number, patch: CustomerPatch, version?: number) =>
      call<Customer>({ method: 'PATCH', path: `/api/customers/${id}`, body: patch, version }),

    notifications: (filter: NotificationFilter & Page = {}, signal?: AbortSignal) =>
      call<Notification[]>({ path: '/api/notifications', query: { ...filter }, signal }),

    notificationCount: () => call<NotificationCount>({ path: '/api/notifications/count' }),

    patchNotification: (id: number, patch: NotificationPatch) =>
      call<Notification>({ method: 'PATCH', path: `/api/notifications/${id}`, body: patch }),

    deleteNotification: (id: number) => call<unknown>({ method: 'DELETE', path: `/api/notifications/${id}` }),

    markAllRead: (mark: MarkAllRead) =>
      call<MarkedRead>({ method: 'POST', path: '/api/notifications/mark-all-read', body: mark }),
  };
}
