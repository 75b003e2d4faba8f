// Two people in two browsers: what one does arrives at the other (issue "One order, two browsers").
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people } from '../people.ts';
import { startServer } from '../server.ts';
import { startChromium } from './chromium.ts';
import { Window } from './window.ts';

const chromium = await startChromium();
const server = await startServer();
afterAll(async () => {
  if ('browser' in chromium) await chromium.browser.close();
  await server.discard();
});
const orders = await Orders.of(server);
const tarik = await server.as('tarik');
const desk = await server.as('desk');

describe.skipIf('missing' in chromium)('two people in two browsers', () => {
  let windows: Window[];
  beforeEach(() => {
    windows = [];
  });
  afterEach(async () => {
    const complaints = windows.flatMap(window => window.complaints);
    await Promise.all(windows.map(window => window.close()));
    expect(complaints).toEqual([]);
  });

  async function at(who: 'manager' | 'tarik' | 'desk'): Promise<Window> {
    if ('missing' in chromium) throw new Error(chromium.missing);
    const window = await Window.signedIn(chromium.browser, server, people[who]);
    windows.push(window);
    return window;
  }

  test('a change arrives in the other window, with a toast and a higher count', async () => {
    const order = await orders.take({ status: 'pending', technician: tarik });
    const [manager, technician] = [await at('manager'), await at('tarik')];
    await Promise.all([manager.openOrder(order.id), technician.openOrder(order.id)]);
    const unread = await tarik.unread();
    const hadOne = (await tarik.notifications('&unread=true')).some(
      row => row.related_entity_id === order.id,
    );
    await technician.bellSays(unread);

    await manager.order.getByRole('button', { name: 'Start work' }).click();
    await manager.shows('In progress');
    await technician.shows('In progress');
    await technician.toast(`${order.number} is in progress`).waitFor();
    await technician.bellSays(unread + (hadOne ? 0 : 1));
    expect(await tarik.unread()).toBe(unread + (hadOne ? 0 : 1));
  });

  test('the description, the estimate and the technician change while the other looks on', async () => {
    const order = await orders.take({ status: 'diagnosing', technician: tarik });
    const [manager, front] = [await at('manager'), await at('desk')];
    await Promise.all([manager.openOrder(order.id), front.openOrder(order.id)]);
    await manager.page.getByRole('button', { name: 'Edit description' }).click();
    await manager.page.getByRole('textbox', { name: 'Description' }).fill('Screen flickers after the update');
    await manager.page.getByRole('button', { name: 'Save' }).click();
    await front.order.getByText('Screen flickers after the update').waitFor();
    await manager.page.getByRole('combobox', { name: 'Technician' }).selectOption('Jelena Đurić');
    await front.page
      .getByRole('combobox', { name: 'Technician' })
      .and(front.page.locator(`:has(option:checked:text("Jelena Đurić"))`))
      .waitFor();
  });

  test('the list shows the new status without a reload', async () => {
    const order = await orders.take({ status: 'intake', technician: null });
    const front = await at('desk');
    await front.go(`/work-orders?search=${encodeURIComponent(order.number)}`);
    const row = front.page.getByRole('list', { name: 'Work orders' }).getByRole('link');
    await row.getByText('Intake', { exact: true }).waitFor();
    await front.isLive();
    await (await server.as('manager')).change(order.id, { status: 'diagnosing' });
    await row.getByText('Diagnosing', { exact: true }).waitFor();
  });

  test('reading it in one tab clears it in a second tab of the same person', async () => {
    const order = await orders.take({ status: 'diagnosing', technician: null });
    const first = await at('tarik');
    const second = await first.secondTab();
    const unread = await tarik.unread();
    await desk.change(order.id, { technician_id: tarik.id });
    await Promise.all([first.bellSays(unread + 1), second.bellSays(unread + 1)]);
    await second.toast(`${order.number} is yours`).waitFor();
    await first.bell().click();
    await first.page.getByRole('button', { name: `Mark read: ${order.number} is yours` }).click();
    await Promise.all([first.bellSays(unread), second.bellSays(unread)]);
    await expect.poll(() => tarik.unread(), { timeout: 10_000 }).toBe(unread);
  });

  test('opening a notification leads to its order and marks it read', async () => {
    const order = await orders.take({ status: 'diagnosing', technician: null });
    const technician = await at('tarik');
    const unread = await tarik.unread();
    await desk.change(order.id, { technician_id: tarik.id });
    await technician.bellSays(unread + 1);
    await technician.bell().click();
    await technician.page.getByRole('button', { name: new RegExp(`^${order.number} is yours`) }).click();
    await technician.heading(order.device).waitFor();
    await technician.bellSays(unread);
  });

  test('one who loses sight of an order is told so in its place', async () => {
    const order = await orders.take({ status: 'pending', technician: tarik });
    const [manager, technician] = [await at('manager'), await at('tarik')];
    await Promise.all([manager.openOrder(order.id), technician.openOrder(order.id)]);
    await manager.page.getByRole('combobox', { name: 'Technician' }).selectOption('Jelena Đurić');
    await technician.page.getByText('This order has left your view').waitFor();
    expect(await technician.order.count()).toBe(0);
    await technician.toast(`${order.number} is no longer yours`).waitFor();
  });

  test('a technician takes an order from the pool, and it is gone for the other', async () => {
    const order = await orders.take({ status: 'diagnosing', technician: null });
    const [technician, jelena] = [await at('tarik'), await server.as('jelena')];
    const connection = await jelena.connect();
    await technician.openOrder(order.id);
    await technician.page.getByRole('button', { name: 'Take this order' }).click();
    await technician.page.getByRole('button', { name: 'Hand back to the pool' }).waitFor();
    await connection.event('work_order_removed', event => event.workOrderId === order.id);
  });

  test(
    'when the server is killed and comes back, the page goes on by itself',
    { timeout: 60_000 },
    async () => {
      const order = await orders.take({ status: 'pending', technician: tarik });
      const technician = await at('tarik');
      await technician.openOrder(order.id);
      await server.end('SIGKILL');
      await technician.page
        .getByText(/^(Reconnecting…|Connecting…|Offline)$/)
        .first()
        .waitFor();
      await server.start();
      // Changed before the page is back: it must catch up, not only go on.
      await desk.change(order.id, { status: 'in_progress' });
      await technician.page.getByText('Live', { exact: true }).first().waitFor({ timeout: 30_000 });
      await technician.shows('In progress');
      // A page says on its console that requests failed meanwhile; that is no fault of it.
      technician.complaints.length = 0;
    },
  );

  test('signing out ends the session in every tab', async () => {
    const first = await at('desk');
    const second = await first.secondTab();
    await first.page.getByRole('button', { name: 'Account of Dana Horvat' }).click();
    await first.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await Promise.all([
      first.heading('Sign in').first().waitFor(),
      second.heading('Sign in').first().waitFor(),
    ]);
  });
});
