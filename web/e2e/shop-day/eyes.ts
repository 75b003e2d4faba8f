// What a reader may see of an event: every key, every type, and `null` where something is hidden from their role.
import { expect } from 'vitest';
import type { Received } from '../connection.ts';
import * as shapes from '../shapes.ts';
import type { Role, ServerEvents } from '../wire.ts';
import type { Member } from './cast.ts';

const hiddenOfOrder: Record<Role, readonly string[]> = {
  admin: ['device_passcode'],
  manager: ['device_passcode'],
  front_desk: ['device_passcode', 'cost_total'],
  technician: ['device_passcode', 'cost_total', 'customer_phone', 'customer_email'],
};

/** That one of these changed is hidden as well; of the passcode leads may know that. */
const hiddenNames: Record<Role, readonly string[]> = {
  admin: [],
  manager: [],
  front_desk: hiddenOfOrder.front_desk,
  technician: hiddenOfOrder.technician,
};

const nulls = (names: readonly string[]): object => Object.fromEntries(names.map(name => [name, null]));
const orderFor = (role: Role): object => ({ ...shapes.workOrder, ...nulls(hiddenOfOrder[role]) });
const ticketFor = (role: Role): object => ({
  ...shapes.ticket,
  ...(role === 'technician' && { customer_phone: null }),
});

const number: unknown = expect.any(Number);
const text: unknown = expect.any(String);
const numberOrNull: unknown = expect.toBeOneOf([number, null]);
const status: unknown = expect.toBeOneOf([...shapes.statuses]);
const stamp = { timestamp: shapes.time, seq: number };
const person = { userId: number, userName: text, timestamp: shapes.time };

/** The shape of `updated`'s data, with the fields that it names. */
function updated(role: Role, fields: object): object {
  const names = Object.keys(fields).filter(name => !hiddenNames[role].includes(name));
  return { updatedFields: Object.fromEntries(names.map(name => [name, true])), updatedBy: number };
}

function dataOfOrder(role: Role, { action, data }: ServerEvents['work_order_updated']): object | null {
  switch (action) {
    case 'created':
      return null;
    case 'status_changed':
      return {
        oldStatus: status,
        newStatus: status,
        updatedBy: number,
        overrideReason: expect.toBeOneOf([text, null]) as unknown,
      };
    case 'assigned':
      return { technicianId: numberOrNull, previousTechnicianId: numberOrNull, assignedBy: number };
    case 'updated':
      return updated(role, data !== null && 'updatedFields' in data ? data.updatedFields : {});
    case 'note_added':
      return { note: shapes.note };
  }
}

function dataOfTicket(role: Role, { action, data }: ServerEvents['repair_ticket_updated']): object | null {
  if (action === 'converted') return { workOrderId: number };
  if (action !== 'updated') return null;
  return updated(role, data !== null && 'updatedFields' in data ? data.updatedFields : {});
}

type Shapes = { readonly [Name in keyof ServerEvents]: (role: Role, event: ServerEvents[Name]) => object };

const shapesOf: Shapes = {
  work_order_updated: (role, event) => ({
    workOrderId: number,
    action: event.action,
    workOrder: orderFor(role),
    data: dataOfOrder(role, event),
    ...stamp,
  }),
  work_order_removed: () => ({ workOrderId: number, ...stamp }),
  work_order_assignment_update: (role, { action }) => ({
    workOrderId: number,
    action,
    workOrder: action === 'assigned' ? orderFor(role) : { id: number, number: text },
    ...stamp,
  }),
  repair_ticket_updated: (role, event) => ({
    ticketId: number,
    action: event.action,
    ticket: ticketFor(role),
    data: dataOfTicket(role, event),
    ...stamp,
  }),
  repair_ticket_removed: () => ({ ticketId: number, ...stamp }),
  notification_received: () => ({ notification: shapes.notification, ...stamp }),
  notification_count_updated: () => ({ userId: number, unreadCount: number, ...stamp }),
  notification_deleted: () => ({ ids: expect.any(Array) as unknown, ...stamp }),
  notification_read: (_role, event) => ({
    ...('ids' in event ? { ids: expect.any(Array) as unknown } : { upToId: number }),
    isRead: expect.any(Boolean) as unknown,
    ...stamp,
  }),
  user_online: () => ({ ...person, role: text }),
  user_offline: () => ({ ...person, role: text }),
  user_typing_start: () => ({ ...person, roomName: text, message: text, field: null }),
  user_typing_stop: () => ({ ...person, roomName: text, message: null, field: null }),
  user_presence_update: () => ({ ...person, status: text, workOrderId: number }),
  presence_snapshot: () => ({ users: expect.any(Array) as unknown, timestamp: shapes.time }),
  resync_required: () => ({ reason: text, ...stamp }),
  event_error: () => ({ event: text, code: text, message: text, timestamp: shapes.time }),
  room_left: () => ({ roomName: text, reason: 'access_revoked', timestamp: shapes.time }),
  token_expiring: () => ({ expiresAt: shapes.time, timestamp: shapes.time }),
  token_expired: () => ({ expiredAt: shapes.time, timestamp: shapes.time }),
};

/** Fails when the event has a key too many or too few, or shows what its reader may not see. */
export function expectSeenRightly({ person: reader }: Member, { name, payload }: Received): void {
  const shape = shapesOf[name as keyof ServerEvents] as ((role: Role, event: unknown) => object) | undefined;
  if (shape === undefined) throw new Error(`${reader.demo.name} was sent "${name}"`);
  expect(payload, name).toStrictEqual(shape(reader.demo.role, payload));
  if (reader.demo.role !== 'technician') return;
  const mine: unknown = expect.toBeOneOf([reader.id, null]);
  if (name === 'work_order_updated') expect(payload['workOrder']).toMatchObject({ technician_id: mine });
  if (name === 'repair_ticket_updated') {
    const { status: is } = payload['ticket'] as { status: string };
    expect(is).not.toBe('cancelled');
  }
}

/** Texts that stand nowhere but in fields that are hidden from the role. */
export const secretsFrom: Record<Role, RegExp> = {
  admin: /hide-passcode|hide-address/,
  manager: /hide-passcode|hide-address/,
  front_desk: /hide-passcode|hide-address|777\d\.77/,
  technician: /hide-passcode|hide-address|777\d\.77|hide-email|\+385/,
};
