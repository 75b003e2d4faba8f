import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  ApiError,
  createClient,
  edit,
  memoryOutbox,
  type Command,
  type Kept,
  type OutboxItem,
} from '@shopbell/client';
import { WebSocketProvider } from '@shopbell/react';
import { settleOrKeep } from '../src/customers/settleCustomer.ts';
import { CommandMark } from '../src/outbox/CommandMark.tsx';
import { describe as inALine, placeOf } from '../src/outbox/describe.ts';
import { Refused } from '../src/outbox/Refused.tsx';
import { answer, at, customer, ticket, workOrder } from '../../client/tests/fixtures.ts';

beforeAll(() => {
  // What jsdom lacks of a browser.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
});
afterEach(cleanup);

const newTicket: Command = {
  kind: 'new_ticket',
  ticket: { device: 'iPhone 13', problem_description: 'Does not charge' },
  customer: 3,
};

describe('what somebody did, in a line', () => {
  test.each<[Command, string, string]>([
    [edit('work_order', workOrder(), { status: 'testing' }), '2026-0007 to testing', '/work-orders/$id'],
    [
      edit('work_order', workOrder(), { due_at: null, priority: 'high' }),
      '2026-0007: due, priority',
      '/work-orders/$id',
    ],
    [edit('ticket', ticket(), { problem_description: 'x' }), '2026-0004: problem', '/tickets/$id'],
    [edit('ticket', ticket(), { status: 'cancelled' }), 'Cancel ticket 2026-0004', '/tickets/$id'],
    [
      { kind: 'note', workOrderId: 7, number: '2026-0007', note: { content: 'x'.repeat(80) } },
      `Note on 2026-0007: “${'x'.repeat(57)}…”`,
      '/work-orders/$id',
    ],
    [newTicket, 'New ticket: iPhone 13', '/tickets'],
    [{ kind: 'notification', id: 1, isRead: false }, 'Notification unread', '/notifications'],
    [{ kind: 'all_notifications', upToId: 1 }, 'All notifications read', '/notifications'],
  ])('%#', (command, line, to) => {
    expect(inALine(command)).toBe(line);
    expect(placeOf(command).to).toBe(to);
  });
});

const item = (fields: Partial<OutboxItem>): OutboxItem => ({
  place: 1,
  key: '',
  at,
  command: newTicket,
  refusal: null,
  state: 'queued',
  done: null,
  result: null,
  ...fields,
});

describe('the mark', () => {
  test.each([
    ['queued', 'On this device'],
    ['sent', 'Sent'],
    ['confirmed', 'Confirmed'],
    ['refused', 'Refused'],
  ] as const)('says %s in words', (state, word) => {
    render(<CommandMark item={item({ state })} />);
    expect(screen.getByRole('status').textContent).toBe(word);
    cleanup();
    // Where there is room for a sign alone, the word is still there for who cannot see it.
    render(<CommandMark item={item({ state })} isShort />);
    expect(screen.getByText(word)).toBeDefined();
  });

  test('is not there for nothing', () => {
    const { container } = render(<CommandMark item={null} isShort />);
    expect(container.textContent).toBe('');
    expect(container.children).toHaveLength(0);
  });
});

test('a refused change says why, and can be given up', async () => {
  const storage = memoryOutbox();
  const kept: Kept = {
    place: 0,
    key: 'k',
    at,
    command: newTicket,
    refusal: {
      code: 'validation_failed',
      message: 'No.',
      errors: [{ field: 'device', message: 'Too long.' }],
      data: null,
    },
  };
  await storage.add(3, kept);
  const client = createClient({
    url: 'http://127.0.0.1:9',
    tokens: () => null,
    person: 3,
    outbox: { storage },
  });
  const shown = () => client.outbox.items[0];
  const stop = client.start();
  await vi.waitUntil(() => shown() !== undefined);
  render(
    <MantineProvider>
      <WebSocketProvider client={client}>
        <Refused item={shown()!}>something else</Refused>
      </WebSocketProvider>
    </MantineProvider>,
  );
  expect(screen.getByRole('alert').textContent).toContain('Too long.');
  expect(screen.getByRole('alert').textContent).toContain('You wanted: something else');
  fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
  await vi.waitUntil(() => shown() === undefined);
  expect(await storage.load(3)).toEqual([]);
  stop();
});

describe('the customer of a new ticket', () => {
  const draft = { name: 'Zoran', phone: '', email: '', address: '', notes: '' };
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  const create = vi.spyOn(client.api, 'createCustomer');

  test('is kept with it, under the key that the first try had, where the server does not answer', async () => {
    create.mockRejectedValueOnce(new ApiError('unreachable', '', 0));
    const kept = await settleOrKeep(client.api, { kind: 'new', draft }, 'key', () => {});
    expect(kept).toEqual({ key: 'key', draft: { name: 'Zoran' } });
    expect(create.mock.calls[0]?.[1]).toMatchObject({ key: 'key' });
  });

  test('is made first where it does, and what it refuses is told', async () => {
    create.mockResolvedValueOnce(answer(customer({ id: 8 })));
    expect(await settleOrKeep(client.api, { kind: 'new', draft }, 'key', () => {})).toBe(8);
    create.mockRejectedValueOnce(new ApiError('validation_failed', '', 400));
    const refused = settleOrKeep(client.api, { kind: 'new', draft }, 'key', () => {});
    await expect(refused).rejects.toMatchObject({ code: 'validation_failed' });
  });
});
