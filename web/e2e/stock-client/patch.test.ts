// PATCH /api/work-orders/:id: versions, values and who may write which field (contract sections 3 and 4).
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { startServer } from '../server.ts';
import { failure, workOrder } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const admin = await server.as('admin');
const manager = await server.as('manager');
const desk = await server.as('desk');
const tarik = await server.as('tarik');
const jelena = await server.as('jelena');

describe('If-Match', () => {
  test('with the current version writes, and the version goes up by one', async () => {
    const order = await orders.take();
    const answer = await desk.patchOrder(
      order.id,
      { description: 'First', priority: order.priority === 'low' ? 'medium' : 'low' },
      { 'if-match': `"${order.version}"` },
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual({ status: 'success', data: { ...workOrder, device_passcode: null } });
    expect(answer.body.data.version).toBe(order.version + 1);
  });

  test('that is stale is 412 version_mismatch with the current row under data', async () => {
    const order = await orders.take();
    await desk.change(order.id, { description: 'Somebody was faster' });
    const answer = await manager.patchOrder(
      order.id,
      { description: 'Mine' },
      { 'if-match': `"${order.version}"` },
    );
    expect(answer.status).toBe(412);
    expect(answer.body).toStrictEqual({
      ...failure('version_mismatch'),
      data: { ...(await manager.order(order.id)), device_passcode: null },
    });
    expect(answer.body.data.description).toBe('Somebody was faster');
  });

  test('that is not there: the last writer wins per field', async () => {
    const order = await orders.take();
    await Promise.all([
      desk.change(order.id, { description: 'By the desk' }),
      manager.change(order.id, { cost_total: '12.00' }),
    ]);
    expect(await admin.order(order.id)).toMatchObject({ description: 'By the desk', cost_total: '12.00' });
  });

  test.each([['abc'], ['"x"'], ['"-1"'], ['1.5']])(
    'that is no version (%s) is refused and writes nothing',
    async value => {
      const order = await orders.take();
      const answer = await desk.patchOrder(order.id, { description: 'No' }, { 'if-match': value });
      expect(answer.status).toBeOneOf([400, 412]);
      expect((await admin.order(order.id)).description).toBe(order.description);
    },
  );

  test('of two writers with the same version exactly one wins', async () => {
    const order = await orders.take();
    const match = { 'if-match': `"${order.version}"` };
    const answers = await Promise.all(
      [desk, manager, admin].map(person =>
        person.patchOrder(order.id, { description: person.demo.name }, match),
      ),
    );
    expect(answers.map(answer => answer.status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
  });
});

test('a PATCH that sets what is already there is 200, with the same version', async () => {
  const order = await orders.take();
  const same = {
    description: order.description,
    priority: order.priority,
    technician_id: order.technician_id,
  };
  const answer = await desk.patchOrder(order.id, same);
  expect(answer.status).toBe(200);
  expect(answer.body.data.version).toBe(order.version);
  expect((await desk.patchOrder(order.id, {})).status).toBe(200);
});

describe('422 unknown_field', () => {
  const readOnly = [
    'id',
    'number',
    'ticket_id',
    'customer_name',
    'customer_phone',
    'customer_email',
    'technician_name',
    'started_at',
    'completed_at',
    'created_at',
    'updated_at',
    'version',
  ];
  test.each(readOnly)('for the read-only field %s, also when nothing would change', async field => {
    const [order] = await manager.orders();
    if (order === undefined) throw new Error('there are no orders');
    const value = order[field as keyof typeof order];
    const answer = await manager.patchOrder(order.id, { [field]: value, description: 'Not written' });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject(failure('unknown_field'));
    expect((await admin.order(order.id)).description).not.toBe('Not written');
  });

  test.each([['colour'], ['Status'], ['__proto__'], ['']])('for the unknown field "%s"', async field => {
    const order = await orders.take();
    const raw = `{"description":"Not written",${JSON.stringify(field)}:"x"}`;
    const answer = await manager.call('PATCH', `/api/work-orders/${order.id}`, { raw });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject(failure('unknown_field'));
  });
});

describe('400', () => {
  test.each([
    ['a status that is a number', { status: 5 }, 'malformed'],
    ['a description that is a list', { description: [] }, 'malformed'],
    ['a technician that is a text', { technician_id: 'Tarik' }, 'malformed'],
    ['money that is a number', { estimate_total: 50 }, 'malformed'],
    ['money that is no money', { estimate_total: 'fifty' }, 'validation_failed'],
    ['a negative amount', { estimate_total: '-1.00' }, 'validation_failed'],
    ['a time that is none', { due_at: 'tomorrow' }, 'validation_failed'],
    ['a priority that there is not', { priority: 'yesterday' }, 'validation_failed'],
    ['an empty description', { description: '' }, 'validation_failed'],
    ['a description of null', { description: null }, 'malformed'],
    ['a technician who is nobody', { technician_id: 999_999 }, 'validation_failed'],
  ])('for %s', async (_name, changes, code) => {
    const order = (await manager.orders())[0];
    if (order === undefined) throw new Error('there are no orders');
    const answer = await manager.patchOrder(order.id, changes);
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status: 400,
      body: { status: 'fail' },
    });
    // "Wrong type" and "out of its range" meet in a text that must have a form.
    expect(answer.body.code).toBeOneOf([code, 'malformed', 'validation_failed']);
    expect(await manager.order(order.id)).toStrictEqual({
      ...order,
      device_passcode: expect.toBeOneOf([null, expect.any(String)]),
    });
  });

  test.each([['[]'], ['"text"'], ['5'], ['null'], ['true']])(
    'for a body that is %s and no object',
    async raw => {
      const answer = await manager.call('PATCH', '/api/work-orders/1', { raw });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject(failure('malformed'));
    },
  );
});

describe('who may write', () => {
  const office = {
    technician_id: null,
    device: 'Kindle Paperwhite 11',
    description: 'Page buttons stuck',
    priority: 'urgent',
    estimate_total: '80.00',
    due_at: '2032-01-02T10:00:00.000Z',
    device_passcode: '0000',
  };

  test.each([['admin'], ['manager']] as const)('%s: everything', async who => {
    const order = await orders.take({ technician: jelena });
    const changes = { ...office, cost_total: '31.50', status: 'diagnosing', override_reason: 'For the test' };
    const answer = await (await server.as(who)).patchOrder(order.id, changes);
    expect(answer.status).toBe(200);
    const { override_reason: _, ...written } = changes;
    expect(await admin.order(order.id)).toMatchObject(written);
  });

  test('front_desk: everything but cost_total', async () => {
    const order = await orders.take({ technician: jelena });
    expect((await desk.patchOrder(order.id, office)).status).toBe(200);
    expect(await admin.order(order.id)).toMatchObject(office);
    const answer = await desk.patchOrder(order.id, { cost_total: '1.00' });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject(failure('forbidden'));
  });

  test('a technician: description, estimate_total, due_at of own orders', async () => {
    const order = await orders.take({ technician: tarik });
    const { description, estimate_total, due_at } = office;
    const own = { description, estimate_total, due_at };
    expect((await tarik.patchOrder(order.id, own)).status).toBe(200);
    expect(await admin.order(order.id)).toMatchObject(own);
  });

  test.each([
    ['priority', 'low'],
    ['device', 'Another device'],
    ['device_passcode', '1111'],
    ['cost_total', '9.00'],
    ['cost_total', null],
    ['customer_id', 1],
  ] as const)('a technician: not %s, whatever its value (%s)', async (field, value) => {
    const order = await orders.take({ technician: tarik });
    const answer = await tarik.patchOrder(order.id, { [field]: value, description: 'Nor this' });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject(failure('forbidden'));
    expect(await admin.order(order.id)).toStrictEqual(order);
  });

  test('a technician: technician_id to themselves from the pool, or to null', async () => {
    const order = await orders.take({ technician: null });
    expect((await tarik.change(order.id, { technician_id: tarik.id })).order.technician_id).toBe(tarik.id);
    const given = await tarik.patchOrder(order.id, { technician_id: jelena.id });
    expect(given.status).toBe(403);
    expect((await tarik.change(order.id, { technician_id: null })).order.technician_id).toBeNull();
  });

  test('a technician: nothing else of an order in the pool', async () => {
    const order = await orders.take({ technician: null, status: 'pending' });
    for (const changes of [{ description: 'x' }, { status: 'diagnosing' }, { technician_id: jelena.id }]) {
      const answer = await tarik.patchOrder(order.id, changes);
      expect(answer.status).toBe(403);
    }
    expect(await admin.order(order.id)).toStrictEqual(order);
  });
});
