// Pictures of the pages for people to look at, on a phone and on a desk, light and dark; and that nothing sticks out.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people } from '../people.ts';
import { startServer } from '../server.ts';
import { startChromium } from './chromium.ts';
import { Window } from './window.ts';

const folder = join(import.meta.dirname, '../screenshots');
mkdirSync(folder, { recursive: true });
const chromium = await startChromium();
const server = await startServer();
afterAll(async () => {
  if ('browser' in chromium) await chromium.browser.close();
  await server.discard();
});
const orders = await Orders.of(server);
const desk = await server.as('desk');
const tarik = await server.as('tarik');

const looks = [
  { name: 'phone-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'desk-light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'desk-dark', width: 1440, height: 900, colorScheme: 'dark' },
] as const;

describe.skipIf('missing' in chromium).each(looks)('$name', look => {
  const isPhone = look.width < 600;

  async function take(window: Window, page: string): Promise<void> {
    await window.page.screenshot({
      path: join(folder, `${page}-${look.name}.png`),
      animations: 'disabled',
    });
    const overflow = await window.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  }

  /** The texts that stick out of the list and would be cut off at its edge. */
  async function cutOff(window: Window): Promise<(string | null)[]> {
    return window.page.getByRole('list', { name: 'Work orders' }).evaluate(list => {
      const { right } = list.getBoundingClientRect();
      const range = document.createRange();
      const texts = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
      const out: (string | null)[] = [];
      while (texts.nextNode()) {
        range.selectNode(texts.currentNode);
        const parent = texts.currentNode.parentElement;
        // What ends in an ellipsis is cut off on purpose.
        const isShortened = parent !== null && getComputedStyle(parent).textOverflow === 'ellipsis';
        // And what is there for screen readers alone is cut off by being a pixel wide.
        const isUnseen = parent !== null && parent.getBoundingClientRect().width <= 1;
        if (!isShortened && !isUnseen && range.getBoundingClientRect().right > right)
          out.push(texts.currentNode.textContent);
      }
      return out;
    });
  }

  test('every page, for a manager and for a technician with news', async () => {
    if ('missing' in chromium) throw new Error(chromium.missing);
    const guest = await Window.fresh(chromium.browser, server, look);
    await guest.go('/sign-in');
    await guest.page.getByRole('button', { name: /^Sign in as Marko Kovač/ }).waitFor();
    await take(guest, 'sign-in');

    const manager = await Window.signedIn(chromium.browser, server, people.manager, look);
    await manager.page.getByRole('list', { name: 'Work orders' }).getByRole('link').first().waitFor();
    await take(manager, 'work-orders');
    expect(await cutOff(manager)).toEqual([]);
    const order = await orders.take({ status: 'in_progress', technician: tarik });
    await manager.openOrder(order.id);
    await take(manager, 'work-order');

    const technician = await Window.signedIn(chromium.browser, server, people.tarik, look);
    await technician.openOrder(order.id);
    const news = await orders.take({ status: 'pending', technician: null });
    await desk.change(news.id, { technician_id: tarik.id });
    await technician.toast(`${news.number} is yours`).waitFor();
    await take(technician, 'work-order-with-toast');
    if (!isPhone) {
      await technician.bell().click();
      await technician.page.getByRole('button', { name: new RegExp(`^${news.number} is yours`) }).waitFor();
      await take(technician, 'bell');
    }
    await technician.go('/notifications');
    await technician.page.getByRole('button', { name: new RegExp(`^${news.number} is yours`) }).waitFor();
    await take(technician, 'notifications');
    await technician.go('/nowhere');
    await technician.page.getByText('Not here').first().waitFor();
    await take(technician, 'not-found');
    await Promise.all([guest, manager, technician].map(window => window.close()));
  });

  test('the pages of a shop at work: board, tickets, customers, people, notes', async () => {
    if ('missing' in chromium) throw new Error(chromium.missing);
    const manager = await Window.signedIn(chromium.browser, server, people.manager, look);
    const visit = async (path: string, name: string, heading: string | RegExp): Promise<void> => {
      await manager.go(path);
      await manager.heading(heading).first().waitFor();
      await manager.isLive();
      await manager.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
      await take(manager, name);
    };
    await visit('/board', 'board', 'Board');
    await visit('/tickets', 'tickets', 'Tickets');
    const [ticket] = await desk.tickets('&status=intake');
    await visit(`/tickets/${ticket!.id}`, 'ticket', ticket!.device);
    await visit('/tickets/new', 'new-ticket', 'New ticket');
    await visit('/customers', 'customers', 'Customers');
    const [customer] = await desk.customers();
    await visit(`/customers/${customer!.id}`, 'customer', customer!.name);
    await visit('/people', 'people', 'People');
    await visit('/work-orders/new', 'new-work-order', 'New work order');

    const order = await orders.take({ status: 'in_progress', technician: tarik });
    const room = `work_order_${order.id}`;
    for (const content of [
      'Screws are in the tray.',
      `@${people.tarik.name} please test the camera as well.`,
    ]) {
      await desk.write('POST', `/api/work-orders/${order.id}/notes`, { content });
    }
    const bench = await tarik.connect();
    await bench.ask('join_room', room);
    await bench.ask('user_presence', { status: 'editing', workOrderId: order.id });
    await manager.openOrder(order.id);
    await manager.here(people.tarik.name).waitFor();
    await bench.ask('typing_start', { roomName: room, field: 'note' });
    const writing = manager.page.getByText('Tarik Šehić is writing a note…').first();
    await writing.waitFor();
    await writing.scrollIntoViewIfNeeded();
    await take(manager, 'notes');
    await manager.heading('History').first().scrollIntoViewIfNeeded();
    await take(manager, 'history');
    bench.close();
    await manager.close();
  });
});
