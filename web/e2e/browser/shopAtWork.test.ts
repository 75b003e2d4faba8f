// The shop at work in several browsers: who is here and who writes, notes and mentions, tickets, the board.
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Orders } from '../orders.ts';
import { people } from '../people.ts';
import { startServer } from '../server.ts';
import { takeIn } from '../tickets.ts';
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

describe.skipIf('missing' in chromium)('the shop at work', () => {
  let windows: Window[];
  beforeEach(() => {
    windows = [];
  });
  afterEach(async () => {
    const complaints = windows.flatMap(window => window.complaints);
    await Promise.all(windows.map(window => window.close()));
    expect(complaints).toEqual([]);
  });

  async function at(who: 'manager' | 'tarik' | 'jelena' | 'desk'): Promise<Window> {
    if ('missing' in chromium) throw new Error(chromium.missing);
    const window = await Window.signedIn(chromium.browser, server, people[who]);
    windows.push(window);
    return window;
  }

  test('two people see each other on an order, and no more once one has left it', async () => {
    const order = await orders.take({ technician: tarik });
    const [manager, front] = [await at('manager'), await at('desk')];
    await manager.openOrder(order.id);
    await front.openOrder(order.id);
    await manager.here('Dana Horvat').waitFor();
    await front.here('Marko Kovač').waitFor();
    await front.page.getByRole('link', { name: 'Work orders' }).first().click();
    await front.heading('Work orders').waitFor();
    await manager.here('Dana Horvat').waitFor({ state: 'detached' });
  });

  test('two tabs of one person are one face, and closing one leaves it there', async () => {
    const order = await orders.take({ technician: tarik });
    const [manager, front] = [await at('manager'), await at('desk')];
    await front.openOrder(order.id);
    const second = await front.secondTab();
    await second.openOrder(order.id);
    await manager.openOrder(order.id);
    await manager.here('Dana Horvat').waitFor();
    expect(await manager.here('Dana Horvat').count()).toBe(1);
    await second.page.close();
    // A typist's line is a later word of the same person.
    await front.note.fill('Still here');
    await manager.page.getByText('Dana Horvat is writing a note…').first().waitFor();
    expect(await manager.here('Dana Horvat').count()).toBe(1);
  });

  test('one who writes a note is seen writing, and the note comes without a reload', async () => {
    const order = await orders.take({ technician: tarik });
    const [technician, front] = [await at('tarik'), await at('desk')];
    await Promise.all([technician.openOrder(order.id), front.openOrder(order.id)]);
    await front.note.pressSequentially('The customer');
    const writing = technician.page.getByText('Dana Horvat is writing a note…').first();
    await writing.waitFor();
    await front.note.fill('The customer calls back at five');
    await front.page.getByRole('button', { name: 'Add note' }).click();
    await technician.page
      .getByRole('list', { name: 'Notes' })
      .getByText('The customer calls back at five')
      .waitFor();
    await writing.waitFor({ state: 'hidden' });
    await front.page.getByRole('list', { name: 'Notes' }).getByText('calls back at five').waitFor();
  });

  test('a mention is chosen from a list, and rings at the one who is meant', async () => {
    const order = await orders.take({ technician: null });
    const [front, jelena] = [await at('desk'), await at('jelena')];
    await front.openOrder(order.id);
    await front.note.pressSequentially('Please look, @jel');
    await front.page.getByRole('option', { name: 'Jelena Đurić Technician' }).click();
    expect(await front.note.inputValue()).toContain('@Jelena Đurić');
    await front.page.getByRole('button', { name: 'Add note' }).click();
    await jelena.toast(`Dana Horvat mentioned you on ${order.number}`).waitFor();
  });

  test('a ticket that is taken in at the desk appears on the other screen, and leaves it when it is converted', async () => {
    const [front, manager] = [await at('desk'), await at('manager')];
    const unread = await (await server.as('manager')).unread();
    await manager.go('/tickets');
    await manager.heading('Tickets').waitFor();
    await manager.isLive();
    await front.go('/tickets/new');
    const [customer] = await desk.customers();
    await front.page.getByRole('combobox', { name: 'Customer' }).fill(customer!.name);
    await front.page
      .getByRole('option', { name: new RegExp(customer!.name) })
      .first()
      .click();
    await front.page.getByRole('textbox', { name: 'Device' }).fill('Commodore 64');
    await front.page.getByRole('textbox', { name: 'Problem' }).fill('Keys stick');
    await front.page.getByRole('button', { name: 'Take it in' }).click();
    await front.heading('Commodore 64').first().waitFor();
    const row = manager.page.getByRole('link', { name: /Commodore 64/ });
    await row.waitFor();
    // It rings quietly: no toast.
    await manager.bellSays(unread + 1);

    await front.page.getByRole('combobox', { name: 'Technician' }).selectOption('Tarik Šehić');
    await front.page.getByRole('button', { name: 'Make work order' }).click();
    await front.order.getByText('Intake', { exact: true }).first().waitFor();
    // The list is of those in intake.
    await row.waitFor({ state: 'detached' });
  });

  test('a technician who has a ticket open is told when it becomes somebody else’s order', async () => {
    const { row: ticket } = await takeIn(desk, { device: 'Game Boy' });
    const technician = await at('jelena');
    await technician.go(`/tickets/${ticket.id}`);
    await technician.heading('Game Boy').first().waitFor();
    await technician.isLive();
    await desk.write('POST', `/api/tickets/${ticket.id}/convert`, { technician_id: tarik.id });
    await technician.page.getByText('This ticket has left your view').first().waitFor();
  });

  test('a card that is moved on the board moves on the other', async () => {
    const order = await orders.take({ status: 'intake', technician: tarik });
    const [front, manager] = [await at('desk'), await at('manager')];
    for (const window of [front, manager]) {
      await window.go('/board');
      await window.heading('Board').first().waitFor();
      await window.card('Intake', order.number).waitFor();
      await window.isLive();
    }
    await front.page.getByRole('button', { name: `Move ${order.number}` }).click();
    await front.page.getByRole('menuitem', { name: 'Diagnosing' }).click();
    for (const window of [front, manager]) {
      await window.card('Diagnosing', order.number).waitFor();
      expect(await window.card('Intake', order.number).count()).toBe(0);
    }
  });

  test('a card is dragged into another column', async () => {
    const order = await orders.take({ status: 'quoted', technician: tarik });
    const [front, manager] = [await at('desk'), await at('manager')];
    for (const window of [front, manager]) {
      await window.go(`/board?search=${order.number}`);
      await window.card('Quoted', order.number).waitFor();
      await window.isLive();
    }
    const { page } = front;
    const from = (await front.card('Quoted', order.number).boundingBox())!;
    const to = (await page.getByRole('region', { name: /^Diagnosing/ }).boundingBox())!;
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, from.y + 40, { steps: 4 });
    await page.mouse.move(to.x + to.width / 2, to.y + 60, { steps: 8 });
    await page.mouse.up();
    await manager.card('Diagnosing', order.number).waitFor();
    await front.card('Diagnosing', order.number).waitFor();
  });
});
