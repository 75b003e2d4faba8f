import type { Answer, Customer, Notification, Ticket, TokenPair, User, WorkOrder } from '../src/index.ts';

export const at = '2026-03-02T09:00:00.000Z';

export function workOrder(fields: Partial<WorkOrder> = {}): WorkOrder {
  return {
    id: 7,
    number: '2026-0007',
    ticket_id: null,
    customer_id: 3,
    customer_name: 'Ivana Marić',
    customer_phone: null,
    customer_email: null,
    device: 'iPhone 13',
    device_passcode: null,
    description: 'Cracked screen',
    status: 'pending',
    priority: 'medium',
    technician_id: null,
    technician_name: null,
    estimate_total: null,
    cost_total: null,
    due_at: null,
    started_at: null,
    completed_at: null,
    created_at: at,
    updated_at: at,
    version: 1,
    ...fields,
  };
}

export function ticket(fields: Partial<Ticket> = {}): Ticket {
  return {
    id: 4,
    number: '2026-0004',
    ticket_number: '2026-0004',
    customer_id: 3,
    customer_name: 'Ivana Marić',
    customer_phone: null,
    device: 'iPhone 13',
    problem_description: 'Does not charge',
    notes: null,
    status: 'intake',
    priority: 'medium',
    submitted_by: 5,
    submitted_by_name: 'Dana Horvat',
    work_order_id: null,
    created_at: at,
    updated_at: at,
    version: 1,
    ...fields,
  };
}

export function customer(fields: Partial<Customer> = {}): Customer {
  return {
    id: 3,
    name: 'Ivana Marić',
    phone: '+385 91 555 0103',
    email: 'ivana@example.test',
    address: null,
    notes: null,
    created_at: at,
    updated_at: at,
    version: 1,
    ...fields,
  };
}

export function notification(fields: Partial<Notification> = {}): Notification {
  return {
    id: 1,
    user_id: 3,
    type: 'work_order',
    title: 'Assigned to you',
    message: '2026-0007 iPhone 13',
    title_key: 'work_order.assigned.title',
    message_key: 'work_order.assigned.message',
    message_params: {},
    reason: 'assigned',
    urgency: 'interrupt',
    is_read: false,
    related_entity_type: 'work_order',
    related_entity_id: 7,
    event_count: 1,
    created_at: at,
    updated_at: at,
    ...fields,
  };
}

export function user(fields: Partial<User> = {}): User {
  return {
    id: 3,
    name: 'Tarik Šehić',
    email: 'tech1@shopbell.test',
    role: 'technician',
    is_active: true,
    last_seen: null,
    created_at: null,
    updated_at: null,
    version: null,
    ...fields,
  };
}

export function tokenPair(number: number, fields: Partial<TokenPair> = {}): TokenPair {
  return {
    user: user(),
    access_token: `access-${number}`,
    refresh_token: `refresh-${number}`,
    expires_in: 900,
    ...fields,
  };
}

/** A REST answer. */
export function answer<T>(data: T, seq = 0): Answer<T> {
  return { data, seq, epoch: null, nextCursor: null, next: null };
}
