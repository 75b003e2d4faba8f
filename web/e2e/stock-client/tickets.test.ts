// `repair_ticket_updated` and `repair_ticket_removed`: what of a ticket is told to whom (contract section 6).
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import {
  notification,
  refusal,
  removedTicket,
  repairTicketUpdated,
  ticket,
  time,
  workOrderInEvent,
} from '../shapes.ts';
import { convert, patchTicket, takeIn } from '../tickets.ts';
import type { Ticket } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const admins = await (await server.as('admin')).connect();
const managers = await manager.connect();
const desks = await desk.connect();
const tariks = await tarik.connect();
const jelenas = await jelena.connect();
const all = [admins, managers, desks, tariks, jelenas];
const leads = [admins, managers, desks];

const settle = async (): Promise<void> => {
  await orders.fence(...all);
  for (const each of all) each.forget();
};
beforeEach(settle);

const updates = (connection: Connection, of: Ticket): string[] =>
  connection
    .all('repair_ticket_updated')
    .filter(event => event.ticketId === of.id)
    .map(event => event.action);

describe('a new ticket', () => {
  test('is `created` with data null, for everyone in the shop', async () => {
    const { row, seq } = await takeIn(desk, { notes: 'With its charger' });
    await orders.fence(...all);
    for (const each of all) {
      const event = await each.event('repair_ticket_updated');
      const isBench = each === tariks || each === jelenas;
      expect(event).toStrictEqual({
        ...repairTicketUpdated,
        ticketId: row.id,
        action: 'created',
        ticket: { ...ticket, id: row.id, customer_phone: isBench ? null : row.customer_phone },
        data: null,
        seq,
      });
      expect(updates(each, row)).toEqual(['created']);
    }
    expect(row.customer_phone).not.toBeNull();
  });

  test('is told to front desk and managers, never to the one who took it in', async () => {
    const { row } = await takeIn(tarik);
    await orders.fence(...all);
    for (const each of [managers, desks]) {
      const told = await each.event('notification_received');
      expect(told.notification).toStrictEqual({
        ...notification,
        type: 'repair_ticket',
        reason: 'role',
        related_entity_type: 'repair_ticket',
        related_entity_id: row.id,
      });
    }
    for (const each of [tariks, jelenas]) expect(each.all('notification_received')).toEqual([]);
  });
});

describe('a changed ticket', () => {
  test('is `updated` with {updatedFields:{name:true}, updatedBy}', async () => {
    const { row } = await takeIn(desk);
    await settle();
    const changes = {
      device: 'Nokia 3310, blue',
      problem_description: 'Wet',
      notes: 'Again',
      priority: 'high',
    } as const;
    const { row: changed } = await patchTicket(tarik, row, changes);
    await orders.fence(...all);
    for (const each of all) {
      const [event, ...more] = each.all('repair_ticket_updated');
      expect(event).toMatchObject({
        ticketId: row.id,
        action: 'updated',
        data: {
          updatedFields: { device: true, problem_description: true, notes: true, priority: true },
          updatedBy: tarik.id,
        },
      });
      expect(event?.ticket).toMatchObject({ ...changes, version: changed.version });
      expect(more).toEqual([]);
    }
  });

  test('that is as it was gives no event', async () => {
    const { row } = await takeIn(desk);
    await settle();
    const { row: same } = await patchTicket(desk, row, { device: row.device, priority: row.priority });
    expect(same.version).toBe(row.version);
    await orders.fence(managers);
    expect(updates(managers, row)).toEqual([]);
  });
});

describe('a cancelled ticket', () => {
  test('is `cancelled` for those who still see it, and repair_ticket_removed for technicians', async () => {
    const { row } = await takeIn(tarik);
    await settle();
    await patchTicket(desk, row, { status: 'cancelled' });
    await orders.fence(...all);
    for (const each of leads) {
      expect(each.all('repair_ticket_updated')).toStrictEqual([
        {
          ...repairTicketUpdated,
          ticketId: row.id,
          action: 'cancelled',
          ticket: { ...ticket, id: row.id, status: 'cancelled' },
          data: null,
        },
      ]);
      expect(each.all('repair_ticket_removed')).toEqual([]);
    }
    for (const each of [tariks, jelenas]) {
      expect(each.all('repair_ticket_removed')).toStrictEqual([removedTicket(row.id)]);
      expect(updates(each, row)).toEqual([]);
    }
    expect((await tarik.get(`/api/tickets/${row.id}`)).status).toBe(404);
    // Who took it in is told of its end, without the ticket.
    const told = await tariks.event('notification_received');
    expect(told.notification).toMatchObject({ reason: 'owner', related_entity_id: row.id });
  });
});

describe('a converted ticket', () => {
  test('is `converted` with {workOrderId} for those who see the order, and removed for the others', async () => {
    const { row } = await takeIn(desk);
    await settle();
    const { row: order } = await convert(tarik, row);
    await orders.fence(...all);
    for (const each of [...leads, tariks]) {
      const phone = each === tariks ? { customer_phone: null } : {};
      expect(each.all('repair_ticket_updated')).toStrictEqual([
        {
          ...repairTicketUpdated,
          ticketId: row.id,
          action: 'converted',
          ticket: { ...ticket, ...phone, id: row.id, status: 'converted', work_order_id: order.id },
          data: { workOrderId: order.id },
        },
      ]);
      expect(each.all('repair_ticket_removed')).toEqual([]);
    }
    expect(jelenas.all('repair_ticket_removed')).toStrictEqual([removedTicket(row.id)]);
    expect(updates(jelenas, row)).toEqual([]);
  });

  test('comes with work_order_updated `created` of its order, for those who see that', async () => {
    const { row } = await takeIn(desk);
    await settle();
    const { row: order } = await convert(desk, row, { technician_id: jelena.id });
    await orders.fence(...all);
    expect(order).toMatchObject({ number: row.number, ticket_id: row.id, status: 'intake' });
    for (const each of [...leads, jelenas]) {
      const event = each.all('work_order_updated').find(({ workOrderId }) => workOrderId === order.id);
      expect(event).toMatchObject({ action: 'created', data: null });
      expect(event?.workOrder).toStrictEqual({ ...workOrderInEvent, id: order.id });
    }
    expect(tariks.all('work_order_updated').filter(({ workOrderId }) => workOrderId === order.id)).toEqual(
      [],
    );
    expect(tariks.all('repair_ticket_removed')).toStrictEqual([removedTicket(row.id)]);
    const told = await jelenas.event('notification_received');
    expect(told.notification).toMatchObject({ reason: 'assigned', related_entity_id: order.id });
  });

  test('follows its order: who gains the order gains the ticket, who loses it is told', async () => {
    const { row } = await takeIn(desk);
    const { row: order } = await convert(tarik, row);
    await settle();
    await desk.change(order.id, { technician_id: jelena.id });
    await orders.fence(...all);
    expect(jelenas.all('repair_ticket_updated')).toMatchObject([
      { ticketId: row.id, action: 'converted', data: { workOrderId: order.id } },
    ]);
    expect(tariks.all('repair_ticket_removed')).toStrictEqual([removedTicket(row.id)]);
    for (const each of leads) expect(updates(each, row)).toEqual([]);
    expect(await jelena.ticket(row.id)).toMatchObject({ id: row.id, customer_phone: null });
    expect((await tarik.get(`/api/tickets/${row.id}`)).status).toBe(404);
  });

  test('cannot be converted again: 409, and nothing is told', async () => {
    const { row } = await takeIn(desk);
    await convert(desk, row);
    await settle();
    const again = await desk.call('POST', `/api/tickets/${row.id}/convert`, { body: {} });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await orders.fence(managers);
    expect(updates(managers, row)).toEqual([]);
  });
});

describe('the room ticket_{id}', () => {
  test('can be joined by those who see the ticket', async () => {
    const { row } = await takeIn(desk);
    for (const each of all) {
      const ack = await each.ask('join_room', `ticket_${row.id}`);
      expect(ack).toStrictEqual({
        ok: true,
        room: `ticket_${row.id}`,
        seq: expect.any(Number),
        viewers: expect.any(Array),
      });
    }
    await convert(desk, row, { technician_id: jelena.id });
    await tariks.event('repair_ticket_removed');
    expect(await tariks.ask('join_room', `ticket_${row.id}`)).toStrictEqual(refusal('forbidden'));
    expect(await jelenas.ask('join_room', `ticket_${row.id}`)).toMatchObject({ ok: true });
  });

  test('is closed to one who lost sight of the ticket', async () => {
    const { row } = await takeIn(desk);
    const room = `ticket_${row.id}`;
    for (const each of [tariks, desks]) await each.ask('join_room', room);
    await convert(desk, row, { technician_id: jelena.id });
    await orders.fence(tariks);
    expect(await tariks.ask('typing_start', { roomName: room })).toStrictEqual(refusal('not_in_room'));
    expect(await desks.ask('typing_start', { roomName: room })).toStrictEqual({ ok: true });
  });

  test.each(['ticket_', 'ticket_x', 'ticket_01', 'Ticket_1', 'repair_ticket_1'])(
    '%s is bad_room',
    async room => {
      expect(await managers.ask('join_room', room)).toStrictEqual(refusal('bad_room'));
    },
  );

  test('of a ticket that does not exist, or of another shop, is forbidden in the same words', async () => {
    const { row } = await takeIn(desk);
    const others = await (await server.as('otherAdmin')).connect();
    const [foreign, missing] = [`ticket_${row.id}`, 'ticket_999999'];
    expect(await others.ask('join_room', foreign)).toStrictEqual(refusal('forbidden'));
    expect(await others.ask('join_room', missing)).toStrictEqual(await others.ask('join_room', foreign));
  });
});

test('what is told of a ticket is the row as the same person reads it by REST', async () => {
  const { row } = await takeIn(desk, { priority: 'urgent' });
  await orders.fence(...all);
  const readers = [await server.as('admin'), manager, desk, tarik, jelena];
  for (const [i, each] of all.entries()) {
    const event = await each.event('repair_ticket_updated', ({ ticketId }) => ticketId === row.id);
    expect(event.ticket).toStrictEqual(await readers[i]!.ticket(row.id));
    expect(event.timestamp).toEqual(time);
  }
});
