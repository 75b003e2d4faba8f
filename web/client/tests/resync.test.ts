/* oxlint-disable no-await-in-loop -- one thing after the other happens */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient, type ShopbellClient, type WorkOrder } from '../src/index.ts';
import { at, workOrder } from './fixtures.ts';
import { FakeServer } from './server.ts';

/*
 * Whatever happens to the connection and to the server, in the end a page that shows all orders shows what REST gives.
 */

let server: FakeServer;
let client: ShopbellClient;
let stop = () => {};

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(async () => {
  stop();
  await server.stop();
});

/** Numbers from 0 up to below 1, the same ones for the same seed. */
function random(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A shop with orders that change, and whose server has good and bad days. */
class Shop {
  orders = new Map<number, WorkOrder>();
  backup: { orders: Map<number, WorkOrder>; journal: FakeServer['journal'] } | null = null;
  isShort = false;
  epochs = 1;

  constructor() {
    server.answers.set('GET /api/work-orders', () => ({ data: [...this.orders.values()] }));
    server.refuseSync = () =>
      this.isShort ? { ok: false, code: 'resync_required', message: 'Too long ago.' } : undefined;
    server.greet = socket => server.welcome(socket);
  }

  change(number: number): void {
    const id = 1 + (number % 12);
    const before = this.orders.get(id);
    const seq = server.head + 1;
    if (before !== undefined && number % 5 === 0) {
      this.orders.delete(id);
      server.commit('work_order_removed', { workOrderId: id, timestamp: at, seq });
      return;
    }
    const row = workOrder({ id, version: seq, description: `${server.epoch} ${seq}` });
    this.orders.set(id, row);
    const data = { updatedFields: {}, updatedBy: 1 };
    server.commit('work_order_updated', {
      workOrderId: id,
      action: 'updated',
      workOrder: row,
      data,
      timestamp: at,
      seq,
    });
  }

  keep(): void {
    this.backup = { orders: new Map(this.orders), journal: [...server.journal] };
  }

  /** An older backup comes back: another life of the journal. */
  restore(): void {
    if (this.backup === null) return;
    this.orders = new Map(this.backup.orders);
    server.journal = [...this.backup.journal];
    server.epoch = `epoch-${++this.epochs}`;
    const refuse = server.refuseSync;
    const { epoch } = server;
    server.refuseSync = () => {
      const asked = server.syncs.at(-1) as { epoch?: string };
      return asked.epoch === epoch
        ? refuse?.()
        : { ok: false, code: 'resync_required', message: 'Another life.' };
    };
    server.cut();
  }
}

test.each([1, 2, 3, 4, 5, 6])('what is shown equals REST in the end (%i)', async seed => {
  const next = random(seed);
  const shop = new Shop();
  if (next() < 0.5) server.forget();
  client = createClient({ url: server.url, tokens: () => 'good' });
  const read = async () => {
    const { data, seq } = await client.api.workOrders();
    client.store.apply({ kind: 'work_orders_read', rows: data, seq });
  };
  client.timeline.onReread(read);
  stop = client.start();
  await read();

  for (let step = 0; step < 60; step++) {
    const number = Math.floor(next() * 1000);
    const luck = next();
    if (luck < 0.7) shop.change(number);
    else if (luck < 0.82) server.cut();
    else if (luck < 0.86) shop.isShort = !shop.isShort;
    else if (luck < 0.9) shop.keep();
    else if (luck < 0.92) shop.restore();
    else if (luck < 0.95) server.tell('resync_required', { reason: 'role', seq: server.head, timestamp: at });
    else await client.timeline.poll().catch(() => {});
    // Now and then the page gets to do something in between.
    if (next() < 0.3) await new Promise(resolve => setImmediate(resolve));
    if (next() < 0.1)
      await vi.waitUntil(() => client.connection.isConnected, { timeout: 10_000, interval: 5 });
  }
  shop.change(7);
  await vi.waitUntil(() => client.connection.isConnected, { timeout: 10_000, interval: 5 });

  const shown = () =>
    [...client.store.state.workOrders.values()].map(({ row }) => row).toSorted((a, b) => a.id - b.id);
  const real = [...shop.orders.values()].toSorted((a, b) => a.id - b.id);
  const isSettled = () =>
    JSON.stringify(shown()) === JSON.stringify(real) && client.timeline.cursor?.seq === server.head;
  await vi.waitUntil(isSettled, { timeout: 10_000, interval: 5 }).catch(() => expect(shown()).toEqual(real));
  expect(client.timeline.cursor).toEqual({ epoch: server.epoch, seq: server.head });
});
