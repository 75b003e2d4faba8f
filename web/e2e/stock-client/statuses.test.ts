// The status table of contract section 4: every pair, by REST.
import { afterAll, describe, expect, test } from 'vitest';
import { moves } from '../moves.ts';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import { failure, statuses, time } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const manager = await server.as('manager');
const admin = await server.as('admin');
const desk = await server.as('desk');
const tarik = await server.as('tarik');

describe.each(statuses.map(from => ({ from })))('from $from', async ({ from }) => {
  const order = await orders.take({ technician: tarik });

  test.each(moves[from].map(to => [to]))('to %s is a move', async to => {
    await orders.bring(order.id, { status: from });
    const answer = await desk.patchOrder(order.id, { status: to });
    expect(answer.status).toBe(200);
    expect(answer.body.data.status).toBe(to);
  });

  const others = statuses.filter(to => to !== from && !moves[from].includes(to));
  test('to anything else is 409 illegal_transition, and nothing changes', async () => {
    const before = await orders.bring(order.id, { status: from });
    const answers = await Promise.all(others.map(to => desk.patchOrder(order.id, { status: to })));
    for (const answer of answers) {
      expect(answer.status).toBe(409);
      expect(answer.body).toStrictEqual(failure('illegal_transition'));
    }
    expect(await admin.order(order.id)).toStrictEqual(before);
  });

  test('to itself is 200 and nothing changes', async () => {
    const before = await orders.bring(order.id, { status: from });
    const answer = await desk.patchOrder(order.id, { status: from });
    expect(answer.status).toBe(200);
    expect(await admin.order(order.id)).toStrictEqual(before);
  });
});

describe('a manager or admin may pass {override_reason}', () => {
  test.each([['manager'], ['admin']] as const)('%s: the move is made and the reason recorded', async who => {
    const person = await server.as(who);
    const order = await orders.take({ status: 'intake' });
    const connection = await admin.connect();
    const reason = `Agreed on the phone with the ${who}`;
    const answer = await person.patchOrder(order.id, { status: 'ready_for_pickup', override_reason: reason });
    expect(answer.status).toBe(200);
    const event = await connection.event('work_order_updated', each => each.seq === answer.seq);
    expect(event.data).toMatchObject({ overrideReason: reason });
  });

  test.each([['desk'], ['tarik']] as const)('from others it is 403: %s', async who => {
    const order = await orders.take({ status: 'intake', technician: tarik });
    const person = await server.as(who);
    const answer = await person.patchOrder(order.id, { status: 'testing', override_reason: 'Because' });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject(failure('forbidden'));
    // Also with a move that the table has.
    const legal = await person.patchOrder(order.id, { status: 'diagnosing', override_reason: 'Because' });
    expect(legal.status).toBe(403);
    expect((await admin.order(order.id)).status).toBe('intake');
  });
});

describe('pending to in_progress', () => {
  test('needs a technician, else 409 technician_required', async () => {
    const order = await orders.take({ status: 'pending', technician: null });
    const answer = await desk.patchOrder(order.id, { status: 'in_progress' });
    expect(answer.status).toBe(409);
    expect(answer.body).toStrictEqual(failure('technician_required'));
    const both = await desk.patchOrder(order.id, { status: 'in_progress', technician_id: tarik.id });
    expect(both.status).toBe(200);
  });

  test('sets started_at once', async () => {
    const order = await orders.take({ technician: tarik, status: 'pending' });
    const first = await desk.change(order.id, { status: 'in_progress' });
    expect(first.order.started_at).toEqual(time);
    await desk.change(order.id, { status: 'pending' });
    const second = await desk.change(order.id, { status: 'in_progress' });
    expect(second.order.started_at).toBe(first.order.started_at);
  });
});

test('completed sets completed_at', async () => {
  const order = await orders.take({ technician: tarik, status: 'in_progress' });
  const { order: done } = await manager.change(order.id, { status: 'completed' });
  expect(done.completed_at).toEqual(time);
  expect(done.completed_at).toBe(done.updated_at);
});

test('a technician makes the moves of their own order', async () => {
  const order = await orders.take({ technician: tarik, status: 'pending' });
  for (const status of ['in_progress', 'testing', 'completed', 'ready_for_pickup', 'picked_up'] as const) {
    // Each move starts where the one before ended.
    expect((await tarik.change(order.id, { status })).order.status).toBe(status);
  }
});

test('a status that there is not is 400', async () => {
  const order = await orders.take();
  const answer = await desk.patchOrder(order.id, { status: 'on_the_moon' });
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBeOneOf(['validation_failed', 'malformed']);
});
