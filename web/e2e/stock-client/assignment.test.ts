// Who gains and who loses sight of an order when its technician changes (contract section 6).
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import { time, workOrderInEvent } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const tariks = await tarik.connect();
const jelenas = await jelena.connect();
const managers = await manager.connect();
const desks = await desk.connect();

/** A fence at everybody, and then an empty memory. */
const settle = async (): Promise<void> => {
  await orders.fence(tariks, jelenas, managers, desks);
  for (const each of [tariks, jelenas, managers, desks]) each.forget();
};
beforeEach(settle);

const asTechnician = { ...workOrderInEvent, customer_phone: null, customer_email: null, cost_total: null };

describe('an order that goes from one technician to another', () => {
  test('is announced to the new one with the order, to the previous one with {id, number} alone', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    await desk.change(order.id, { technician_id: jelena.id });
    expect(await jelenas.event('work_order_assignment_update')).toStrictEqual({
      workOrderId: order.id,
      action: 'assigned',
      workOrder: { ...asTechnician, id: order.id, number: order.number, technician_id: jelena.id },
      timestamp: time,
      seq: expect.any(Number),
    });
    expect(await tariks.event('work_order_assignment_update')).toStrictEqual({
      workOrderId: order.id,
      action: 'unassigned',
      workOrder: { id: order.id, number: order.number },
      timestamp: time,
      seq: expect.any(Number),
    });
  });

  test('is sent as work_order_removed to the one who lost sight of it, and nothing else of it', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    await desk.change(order.id, { technician_id: jelena.id, description: 'Not for the previous technician' });
    expect(await tariks.event('work_order_removed')).toStrictEqual({
      workOrderId: order.id,
      timestamp: time,
      seq: expect.any(Number),
    });
    await desk.change(order.id, { description: 'Nor this' });
    await orders.fence(tariks);
    expect(tariks.all('work_order_removed')).toHaveLength(1);
    expect(tariks.all('work_order_updated').filter(event => event.workOrderId === order.id)).toEqual([]);
    expect(JSON.stringify(tariks.received)).not.toContain('Not for the previous');
  });

  test('is not removed from those who see it all the same', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    await desk.change(order.id, { technician_id: jelena.id });
    await orders.fence(managers, desks, jelenas);
    for (const each of [managers, desks, jelenas]) {
      expect(each.all('work_order_removed')).toEqual([]);
      expect(each.all('work_order_updated').filter(event => event.workOrderId === order.id)).toHaveLength(1);
    }
    // The assignment update is for the two technicians.
    for (const each of [managers, desks]) expect(each.all('work_order_assignment_update')).toEqual([]);
  });

  test('has its room closed to the previous one', async () => {
    const order = await orders.take({ technician: tarik });
    await tariks.ask('join_room', `work_order_${order.id}`);
    await desk.change(order.id, { technician_id: jelena.id });
    await tariks.event('work_order_removed', event => event.workOrderId === order.id);
    expect(await tariks.ask('join_room', `work_order_${order.id}`)).toMatchObject({ code: 'forbidden' });
  });
});

describe('an order from the pool', () => {
  test('is removed from every other technician when one takes it', async () => {
    const order = await orders.take({ technician: null });
    await settle();
    const { order: taken } = await tarik.change(order.id, { technician_id: tarik.id });
    expect(taken).toMatchObject({ technician_id: tarik.id, technician_name: 'Tarik Šehić' });
    await jelenas.event('work_order_removed', event => event.workOrderId === order.id);
    const event = await tariks.event('work_order_assignment_update');
    expect(event).toMatchObject({ workOrderId: order.id, action: 'assigned' });
    await orders.fence(tariks, jelenas);
    expect(tariks.all('work_order_removed')).toEqual([]);
    expect(jelenas.all('work_order_updated').filter(each => each.workOrderId === order.id)).toEqual([]);
    expect(jelenas.all('work_order_assignment_update')).toEqual([]);
  });

  test('comes to every technician when its own puts it back', async () => {
    const order = await orders.take({ technician: tarik });
    await settle();
    await tarik.change(order.id, { technician_id: null });
    const event = await jelenas.event('work_order_updated', each => each.workOrderId === order.id);
    expect(event.data).toStrictEqual({
      technicianId: null,
      previousTechnicianId: tarik.id,
      assignedBy: tarik.id,
    });
    await orders.fence(tariks, jelenas);
    // Tarik sees it as one of the pool, so nothing is taken from his list.
    expect(tariks.all('work_order_removed')).toEqual([]);
    expect(tariks.all('work_order_updated').filter(each => each.workOrderId === order.id)).toHaveLength(1);
    expect((await tarik.order(order.id)).technician_id).toBeNull();
    expect(await jelenas.ask('join_room', `work_order_${order.id}`)).toMatchObject({ ok: true });
  });
});
