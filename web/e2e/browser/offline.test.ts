// A person whose network comes and goes: what they do is kept, shown as what it is, and sent once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people } from '../people.ts';
import { startServer } from '../server.ts';
import { startChromium } from './chromium.ts';
import { type Look, Window } from './window.ts';

/** A limit for what must come about; nothing waits this long for nothing. */
const soon = { timeout: 10_000 };
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

describe.skipIf('missing' in chromium)('without a network', () => {
  let windows: Window[];
  beforeEach(() => {
    windows = [];
  });
  afterEach(async () => {
    // What a browser says of requests that found no network is no complaint of the page.
    const complaints = windows.flatMap(window =>
      window.complaints.filter(text => !/ERR_|Failed to load/.test(text)),
    );
    await Promise.all(windows.map(window => window.close()));
    expect(complaints).toEqual([]);
  });

  async function manager(look: Look = {}): Promise<Window> {
    if ('missing' in chromium) throw new Error(chromium.missing);
    const window = await Window.signedIn(chromium.browser, server, people.manager, look);
    windows.push(window);
    return window;
  }

  const picture = (window: Window, name: string) =>
    window.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  const chip = (window: Window, text: string | RegExp) =>
    window.page.getByRole('status').getByText(text).waitFor();

  test('a move and a note are kept on this device, and reach the shop when it is back', async () => {
    const order = await orders.take({ status: 'in_progress', technician: tarik });
    const window = await manager();
    await window.openOrder(order.id);
    await window.context.setOffline(true);
    await window.page.getByRole('button', { name: 'Test', exact: true }).click();
    await window.shows('Testing');
    await chip(window, 'Offline · 1 change on this device');
    await window.note.fill('Written in the cellar.');
    await window.page.getByRole('button', { name: 'Add note' }).click();
    await chip(window, 'Offline · 2 changes on this device');
    await window.order.getByRole('list', { name: 'Notes' }).getByText('On this device').waitFor();
    expect((await desk.order(order.id)).status).toBe('in_progress');

    await window.context.setOffline(false);
    await window.isLive();
    await window.order.getByText('On this device').first().waitFor({ state: 'detached' });
    await expect.poll(async () => (await desk.order(order.id)).status, soon).toBe('testing');
    expect(await window.order.getByText('Written in the cellar.').count()).toBe(1);
    await window.shows('Testing');
  });

  test('what was kept outlives the page, and signing out asks first', async () => {
    const order = await orders.take({ status: 'in_progress', technician: tarik });
    const window = await manager();
    await window.openOrder(order.id);
    // The pages and the session are there; what changes the shop does not get through.
    await window.context.route('**/api/work-orders/**', route =>
      route.request().method() === 'GET' ? route.fallback() : route.abort('connectionreset'),
    );
    await window.page.getByRole('button', { name: 'Test', exact: true }).click();
    await window.order.getByText('On this device').first().waitFor();
    await window.page.reload();
    await window.order.getByText('On this device').first().waitFor();
    await window.shows('Testing');

    await window.page.getByRole('button', { name: /^Account of/ }).click();
    await window.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await window.page.getByText('1 change on this device is lost if you sign out.').waitFor();
    await window.page.getByRole('button', { name: 'Stay' }).click();
    await window.page.keyboard.press('Escape');

    await window.context.unroute('**/api/work-orders/**');
    await window.page.reload();
    await expect.poll(async () => (await desk.order(order.id)).status, soon).toBe('testing');
    await window.order.getByText('On this device').first().waitFor({ state: 'detached' });
  });

  test('what the shop does not want shows why, and can be given up', async () => {
    const order = await orders.take({ status: 'in_progress', technician: tarik });
    const window = await manager();
    await window.openOrder(order.id);
    await window.context.setOffline(true);
    await window.page.getByRole('button', { name: 'Test', exact: true }).click();
    await window.shows('Testing');
    await desk.change(order.id, { status: 'completed' });
    await desk.change(order.id, { status: 'ready_for_pickup' });
    await window.context.setOffline(false);
    const refused = window.order
      .getByRole('alert')
      .filter({ hasText: 'Somebody else changed this meanwhile.' });
    await refused.waitFor();
    await window.shows('Ready for pickup');
    await refused.getByText('You wanted: Testing').waitFor();
    // What could not be read then has been by itself.
    await window.page.getByText('could not be loaded').first().waitFor({ state: 'detached' });
    await picture(window, 'refused-desk');
    await refused.getByRole('button', { name: 'Discard' }).click();
    await refused.waitFor({ state: 'detached' });
  });

  test('pictures of it, on a phone and on a desk', async () => {
    for (const [name, look] of [
      ['phone-light', { width: 390, height: 844 }],
      ['phone-dark', { width: 390, height: 844, colorScheme: 'dark' }],
      ['desk-light', {}],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one window after the other
      await pictures(name, look);
    }
  });

  async function pictures(name: string, look: Look): Promise<void> {
    const order = await orders.take({ status: 'in_progress', technician: tarik });
    const window = await manager(look);
    await window.openOrder(order.id);
    await window.context.setOffline(true);
    await window.page.getByRole('button', { name: 'Test', exact: true }).click();
    await window.note.fill('Written in the cellar.');
    await window.page.getByRole('button', { name: 'Add note' }).click();
    await window.order.getByRole('list', { name: 'Notes' }).getByText('On this device').waitFor();
    await picture(window, `offline-notes-${name}`);
    await window.page.evaluate(() => document.documentElement.scrollTo(0, 0));
    await picture(window, `offline-order-${name}`);
    await window.page.getByRole('button', { name: 'Show your changes on this device' }).click();
    await window.page.getByRole('heading', { name: 'Your changes on this device' }).waitFor();
    await picture(window, `offline-list-${name}`);
    const overflow = await window.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await window.context.setOffline(false);
  }
});
