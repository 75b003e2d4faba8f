// One person at one window: what they see is found by role, name and label, as they would.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { DemoPerson } from '../people.ts';
import type { Server } from '../server.ts';

const roles = {
  admin: 'Admin',
  manager: 'Manager',
  technician: 'Technician',
  front_desk: 'Front desk',
} as const;

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export class Window {
  readonly page: Page;
  /** What the page complained about: a test ends with none. */
  readonly complaints: string[] = [];
  readonly #server: Server;

  private constructor(page: Page, server: Server) {
    this.page = page;
    this.#server = server;
    // A limit for what must appear; nothing waits this long for nothing.
    page.setDefaultTimeout(10_000);
    page.on('pageerror', error => this.complaints.push(String(error)));
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** A browser of their own, signed in by the demo's one click. */
  static async signedIn(
    browser: Browser,
    server: Server,
    person: DemoPerson,
    look: Look = {},
  ): Promise<Window> {
    const window = await Window.fresh(browser, server, look);
    await window.go('/');
    await window.page
      .getByRole('button', { name: `Sign in as ${person.name}, ${roles[person.role]}` })
      .click();
    await window.heading('Work orders').waitFor();
    await window.isLive();
    return window;
  }

  /** A browser of their own that nobody has signed in. */
  static async fresh(browser: Browser, server: Server, look: Look = {}): Promise<Window> {
    const { width = 1440, height = 900, colorScheme = 'light' } = look;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      locale: 'en-GB',
      hasTouch: width < 600,
    });
    return new Window(await context.newPage(), server);
  }

  /** A second tab of the same browser. */
  async secondTab(): Promise<Window> {
    const tab = new Window(await this.context.newPage(), this.#server);
    await tab.go('/work-orders');
    await tab.isLive();
    return tab;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.#server.url + path);
  }

  /** Opens an order's page, and has it whole. */
  async openOrder(id: number): Promise<Locator> {
    await this.go(`/work-orders/${id}`);
    await this.order.waitFor();
    await this.isLive();
    return this.order;
  }

  get order(): Locator {
    return this.page.getByRole('article');
  }

  /** The status of the open order, once it is this one. */
  async shows(status: string): Promise<void> {
    await this.order.getByText(status, { exact: true }).first().waitFor();
  }

  /** The chip says that what is on the page is live. */
  async isLive(): Promise<void> {
    await this.page
      .getByRole('status')
      .getByText('Live')
      .or(this.page.getByText('Live', { exact: true }))
      .first()
      .waitFor();
  }

  /** Somebody else who has this order open, as their face says. */
  here(name: string): Locator {
    return this.page.getByRole('list', { name: 'Also here' }).getByRole('listitem').filter({ hasText: name });
  }

  /** Where a note is written. */
  get note(): Locator {
    return this.page
      .getByRole('textbox', { name: 'Write a note' })
      .or(this.page.getByRole('combobox', { name: 'Write a note' }));
  }

  /** The card of an order in a column of the board. */
  card(column: string, number: string): Locator {
    return this.page
      .getByRole('list', { name: column, exact: true })
      .getByRole('link', { name: new RegExp(number) });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name });
  }

  toast(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: /New notifications/ }).getByText(text);
  }

  /** The bell, once it says this number. */
  async bellSays(unread: number): Promise<void> {
    const name = unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`;
    await this.bell(name).waitFor();
  }

  bell(name: string | RegExp = /^Notifications/): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
