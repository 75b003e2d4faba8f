// "A disabled user or a changed role reaches open sockets within 2 s: closed, or re-roomed" (contract section 2).
import { afterAll, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { Pulse } from '../pulse.ts';
import { startServer } from '../server.ts';
import { refusal } from '../shapes.ts';

const server = await startServer();
afterAll(() => server.discard());
const orders = await Orders.of(server);
const pulse = await Pulse.of(server);
const admin = await server.as('admin');

test('one who is disabled is disconnected for good, in every tab, and let in by nothing', async () => {
  const ivo = await server.hire('technician', 'Ivo Disabled');
  const tabs = [await ivo.connect(), await ivo.connect({ transports: ['polling'] })];
  const closed = Promise.all(tabs.map(tab => tab.closed()));
  await admin.write('PATCH', `/api/users/${ivo.id}`, { is_active: false });
  expect(await closed).toEqual(['io server disconnect', 'io server disconnect']);
  for (const tab of tabs) expect(tab.socket.active).toBe(false);
  expect((await ivo.get('/api/auth/me')).status).toBe(401);
  expect((await ivo.prepare().refused()).data).toStrictEqual({ code: 'invalid_token' });
});

test('one with another role comes back by themselves with its rooms, sight and fields', async () => {
  const mira = await server.hire('technician', 'Mira Promoted');
  const tab = await mira.connect();
  const hidden = await orders.take({ technician: await server.as('tarik') });
  expect(await tab.ask('join_room', `work_order_${hidden.id}`)).toStrictEqual(refusal('forbidden'));
  const closed = tab.closed();
  await admin.write('PATCH', `/api/users/${mira.id}`, { role: 'manager' });
  expect(await closed).toBe('transport close');
  await tab.reopened();
  expect(await tab.ask('join_room', `work_order_${hidden.id}`)).toMatchObject({ ok: true });
  const { body } = await admin.get(`/api/websocket/user/${mira.id}/rooms`);
  expect(body['data']).toMatchObject({ rooms: expect.arrayContaining(['admin_room', 'role_manager']) });
  tab.forget();
  await admin.change(hidden.id, { cost_total: '12.34' });
  await orders.fence(tab);
  expect(tab.all('work_order_updated').some(event => event.workOrder.cost_total === '12.34')).toBe(true);
});

test('one who lost a role is sent nothing of it any more', async () => {
  const zora = await server.hire('manager', 'Zora Demoted');
  const tab = await zora.connect();
  const hidden = await orders.take({ technician: await server.as('tarik') });
  const closed = tab.closed();
  await admin.write('PATCH', `/api/users/${zora.id}`, { role: 'technician' });
  await closed;
  await tab.reopened();
  tab.forget();
  await admin.change(hidden.id, { description: 'Not for a technician' });
  await orders.fence(tab);
  await pulse.reach(tab);
  expect(JSON.stringify(tab.received)).not.toContain('Not for a technician');
  const { users } = await (await zora.connect()).event('presence_snapshot');
  expect(users.map(user => user.role)).not.toContain('admin');
});

test('a new password signs out everywhere', async () => {
  const ada = await server.hire('front_desk', 'Ada Locksmith');
  const tab = await ada.connect();
  const closed = tab.closed();
  await admin.write('PATCH', `/api/users/${ada.id}`, { password: 'another-password' });
  expect(await closed).toBe('io server disconnect');
  expect((await ada.get('/api/auth/me')).status).toBe(401);
});

test('a new name is what others are told from then on', async () => {
  const eva = await server.hire('front_desk', 'Eva Before');
  const { id } = await orders.take();
  const desk = await (await server.as('desk')).connect();
  await desk.ask('join_room', `work_order_${id}`);
  await admin.write('PATCH', `/api/users/${eva.id}`, { name: 'Eva After' });
  const tab = await eva.connect();
  await tab.ask('join_room', `work_order_${id}`);
  await tab.ask('typing_start', { roomName: `work_order_${id}` });
  expect(await desk.event('user_typing_start')).toMatchObject({ userId: eva.id, userName: 'Eva After' });
});
