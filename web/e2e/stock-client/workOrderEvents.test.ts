// "A PATCH by another person arrives as work_order_updated with the contract's shape" (contract section 6).
import { afterAll, describe, expect, test } from 'vitest';
import type { Connection } from '../connection.ts';
import { Orders } from '../orders.ts';
import { staff } from '../people.ts';
import { startServer } from '../server.ts';
import { workOrderUpdated } from '../shapes.ts';
import type { WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');
const desk = await server.as('desk');
const watcher = await manager.connect();

/** The events of one order, at one connection, after a fence. */
async function eventsOf(connection: Connection, order: WorkOrder) {
  await orders.fence(connection);
  return connection.all('work_order_updated').filter(event => event.workOrderId === order.id);
}

describe('the payload', () => {
  test('of a status change is {oldStatus, newStatus, updatedBy, overrideReason}', async () => {
    const order = await orders.take({ status: 'intake' });
    const { seq } = await desk.change(order.id, { status: 'diagnosing' });
    const event = await watcher.event('work_order_updated', each => each.seq === seq);
    expect(event).toStrictEqual({
      ...workOrderUpdated,
      workOrderId: order.id,
      action: 'status_changed',
      data: { oldStatus: 'intake', newStatus: 'diagnosing', updatedBy: desk.id, overrideReason: null },
    });
    expect(event.workOrder.status).toBe('diagnosing');
  });

  test('of an override carries its reason', async () => {
    const order = await orders.take({ status: 'intake' });
    const changes = { status: 'testing', override_reason: 'The customer is waiting at the counter' };
    const { seq } = await admin.change(order.id, changes);
    const event = await watcher.event('work_order_updated', each => each.seq === seq);
    expect(event.data).toStrictEqual({
      oldStatus: 'intake',
      newStatus: 'testing',
      updatedBy: admin.id,
      overrideReason: changes.override_reason,
    });
  });

  test('of an assignment is {technicianId, previousTechnicianId, assignedBy}', async () => {
    const order = await orders.take({ technician: tarik });
    const { seq } = await desk.change(order.id, { technician_id: jelena.id });
    await orders.fence(watcher);
    const event = watcher
      .all('work_order_updated')
      .find(
        each =>
          each.workOrderId === order.id &&
          each.seq <= seq &&
          each.action === 'assigned' &&
          each.workOrder.technician_id === jelena.id,
      );
    expect(event).toStrictEqual({
      ...workOrderUpdated,
      workOrderId: order.id,
      action: 'assigned',
      data: { technicianId: jelena.id, previousTechnicianId: tarik.id, assignedBy: desk.id },
    });
    expect(event?.workOrder).toMatchObject({ technician_id: jelena.id, technician_name: 'Jelena Đurić' });
  });

  test.each([
    ['description', { description: 'Replace the display' }],
    ['device', { device: 'Fairphone 5, green' }],
    ['estimate_total', { estimate_total: '149.90' }],
    ['due_at', { due_at: '2031-05-04T09:30:00.000Z' }],
    ['priority', { priority: 'low' }],
    ['device_passcode', { device_passcode: '471199' }],
  ] as const)('of a change of %s is {updatedFields:{name:true}, updatedBy}', async (field, changes) => {
    const order = await orders.take();
    if (field === 'priority') await admin.change(order.id, { priority: 'medium' });
    const { seq, order: answered } = await desk.change(order.id, changes);
    const event = await watcher.event('work_order_updated', each => each.seq === seq);
    expect(event).toStrictEqual({
      ...workOrderUpdated,
      workOrderId: order.id,
      action: 'updated',
      data: { updatedFields: { [field]: true }, updatedBy: desk.id },
    });
    if (field !== 'device_passcode') expect(event.workOrder).toMatchObject(changes);
    expect(event.workOrder.version).toBe(answered.version);
  });

  test('is the row as the same person reads it by REST', async () => {
    const order = await orders.take();
    const { seq } = await desk.change(order.id, { description: 'Battery swells, handle with care' });
    const event = await watcher.event('work_order_updated', each => each.seq === seq);
    expect({ ...(await manager.order(order.id)), device_passcode: null }).toStrictEqual(event.workOrder);
  });
});

describe('one PATCH that changes several things', () => {
  test('gives status_changed, assigned, updated in that order, consecutive in seq', async () => {
    const order = await orders.take({ status: 'intake', technician: null });
    watcher.forget();
    await desk.change(order.id, {
      description: 'Everything at once',
      technician_id: tarik.id,
      status: 'diagnosing',
      estimate_total: '20.00',
    });
    const events = await eventsOf(watcher, order);
    expect(events.map(event => event.action)).toEqual(['status_changed', 'assigned', 'updated']);
    const [first = 0] = events.map(event => event.seq);
    expect(events.map(event => event.seq)).toEqual([first, first + 1, first + 2]);
    expect(events[2]?.data).toMatchObject({ updatedFields: { description: true, estimate_total: true } });
  });

  test('gives all of them before the notification events that follow', async () => {
    const order = await orders.take({ status: 'intake', technician: null });
    const bench = await tarik.connect();
    bench.forget();
    const { seq } = await desk.change(order.id, {
      status: 'diagnosing',
      technician_id: tarik.id,
      description: 'For you',
    });
    const told = await bench.event('notification_received');
    await orders.fence(bench);
    const updates = bench.all('work_order_updated').filter(event => event.workOrderId === order.id);
    expect(updates.map(event => event.action)).toEqual(['status_changed', 'assigned', 'updated']);
    const [assignment] = bench.all('work_order_assignment_update');
    for (const event of [...updates, assignment]) expect(event?.seq).toBeLessThan(told.seq);
    expect(told.seq).toBe(seq + 1);
  });

  test('tells the caller in Shop-Seq the number of its last event, before its notification events', async () => {
    const order = await orders.take({ status: 'intake', technician: jelena });
    const bench = await jelena.connect();
    bench.forget();
    const { seq } = await desk.change(order.id, { status: 'diagnosing', description: 'Two events' });
    await orders.fence(bench);
    const seqs = bench.all('work_order_updated').filter(event => event.workOrderId === order.id);
    expect(seqs.map(event => event.seq)).toEqual([seq - 1, seq]);
    for (const told of bench.all('notification_received')) expect(told.seq).toBeGreaterThan(seq);
  });
});

describe('who is sent it', () => {
  test('everyone who may see the order, in every tab, and the one who did it', async () => {
    const order = await orders.take({ technician: null });
    const connections = await Promise.all(
      staff.flatMap(who => [server.as(who), server.as(who)]).map(async person => (await person).connect()),
    );
    const { seq } = await tarik.patchOrder(order.id, { technician_id: tarik.id });
    const seers = await Promise.all([admin.connect(), manager.connect(), desk.connect(), tarik.connect()]);
    await orders.fence(...connections, ...seers);
    const came = (connection: Connection): number =>
      connection.all('work_order_updated').filter(each => each.workOrderId === order.id && each.seq <= seq)
        .length;
    // Two connections each, in the order of `staff`; Jelena loses sight of it by this very change.
    expect(connections.map(came)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 1]);
    expect(seers.map(came)).toEqual([0, 0, 0, 0]);
  });

  test('everyone sees the events of a shop in the order of seq', async () => {
    const [first, second] = [
      await orders.take({ technician: null }),
      await orders.take({ technician: null }),
    ];
    const connections = await Promise.all(staff.map(async who => (await server.as(who)).connect()));
    for (const connection of connections) connection.forget();
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        (i % 2 === 0 ? admin : desk).change((i % 3 === 0 ? first : second).id, { description: `Round ${i}` }),
      ),
    );
    await orders.fence(...connections);
    for (const connection of connections) {
      const seqs = connection.received.flatMap(event =>
        typeof event.payload['seq'] === 'number' ? [event.payload['seq']] : [],
      );
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      expect(new Set(seqs).size).toBe(seqs.length);
      expect(connection.all('work_order_updated')).toHaveLength(21);
    }
  });
});

describe('no event', () => {
  test('comes of a PATCH that sets what is already there', async () => {
    const order = await orders.take({ status: 'pending' });
    watcher.forget();
    const answer = await desk.patchOrder(order.id, { status: order.status, description: order.description });
    expect(answer.status).toBe(200);
    expect(answer.body.data.version).toBe(order.version);
    expect(await eventsOf(watcher, order)).toEqual([]);
  });

  test('comes of a PATCH that was refused', async () => {
    const order = await orders.take({ status: 'intake' });
    watcher.forget();
    const changes = { description: 'Never written', status: 'picked_up' };
    expect((await desk.patchOrder(order.id, changes)).status).toBe(409);
    expect(await eventsOf(watcher, order)).toEqual([]);
    expect(await admin.order(order.id)).toStrictEqual(order);
  });
});
