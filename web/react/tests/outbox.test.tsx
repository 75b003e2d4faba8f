import { createClient, edit, memoryOutbox, type ShopbellClient, type Signals } from '@shopbell/client';
import { act, render, screen } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import {
  RealTimeNotificationBadge,
  useCommandState,
  useOutbox,
  useRealTimeWorkOrder,
  WebSocketProvider,
  WebSocketStatus,
  type OutboxValue,
} from '../src/index.ts';
import { at, notification, workOrder } from '../../client/tests/fixtures.ts';
import { until, withServer } from './people.tsx';

const here = withServer();
const waiting = { timeout: 10_000 };

/** Somebody whose network is down until the test says otherwise. */
function renderOffline(content: ReactNode) {
  here.server.answers.set('GET /api/work-orders/7', () => ({ data: workOrder() }));
  let isOnline = false;
  const heard = new Set<Parameters<Signals['watch']>[0]>();
  const client = createClient({
    url: here.server.url,
    tokens: () => 'good',
    person: 3,
    outbox: { storage: memoryOutbox() },
    signals: {
      isOnline: () => isOnline,
      watch: call => {
        heard.add(call);
        return () => heard.delete(call);
      },
    },
  });
  render(
    <StrictMode>
      <WebSocketProvider client={client}>{content}</WebSocketProvider>
    </StrictMode>,
  );
  const comeBack = () =>
    act(() => {
      isOnline = true;
      for (const call of heard) call('network_back');
    });
  return { client, comeBack };
}

const move = (client: ShopbellClient) =>
  act(() => client.outbox.run(edit('work_order', workOrder(), { status: 'testing' })));

describe('a change made offline', () => {
  function Order() {
    const { workOrder: row } = useRealTimeWorkOrder(workOrder());
    const command = useCommandState('work_order', 7, 'status');
    const other = useCommandState('work_order', 7, 'priority');
    return (
      <p>
        {row?.status} {command?.state ?? 'still'} {other?.state ?? 'still'}
      </p>
    );
  }

  test('shows on the order at once, as what it is, and is the row once it was answered', async () => {
    const { client, comeBack } = renderOffline(<Order />);
    screen.getByText('pending still still');
    await move(client);
    screen.getByText('testing queued still');
    here.server.answers.set('PATCH /api/work-orders/7', () => ({
      data: workOrder({ status: 'testing', version: 2 }),
      seq: 0,
    }));
    comeBack();
    await until(() => client.store.state.workOrders.get(7)?.row.version === 2);
    await screen.findByText(/^testing (sent|confirmed) still$/, {}, waiting);
  });

  test('that is refused falls back, and can be given up', async () => {
    let outbox!: OutboxValue;
    function Probe() {
      outbox = useOutbox();
      return null;
    }
    const { client, comeBack } = renderOffline(
      <>
        <Order />
        <Probe />
      </>,
    );
    await move(client);
    expect(outbox).toMatchObject({ kept: 1, refused: 0 });
    here.server.answers.set('PATCH /api/work-orders/7', () => ({ status: 409, code: 'illegal_transition' }));
    comeBack();
    await screen.findByText('pending refused still', {}, waiting);
    expect(outbox).toMatchObject({ kept: 0, refused: 1 });
    await act(() => outbox.dismiss(outbox.items[0]!));
    screen.getByText('pending still still');
  });

  test('is counted by the status chip', async () => {
    const { client } = renderOffline(<WebSocketStatus />);
    const chip = screen.getByRole('status');
    await until(() => chip.textContent === 'Offline');
    await move(client);
    expect(chip.textContent).toBe('Offline · 1 change on this device');
    await move(client);
    expect(chip.textContent).toBe('Offline · 2 changes on this device');
  });

  test('of a notification shows in the count', async () => {
    const { client } = renderOffline(<RealTimeNotificationBadge />);
    act(() => {
      client.store.apply({ kind: 'notification_written', row: notification(), seq: 1 });
      client.store.apply({
        kind: 'notification_count_updated',
        payload: { userId: 3, unreadCount: 4, timestamp: at, seq: 1 },
      });
    });
    screen.getByRole('button', { name: 'Notifications, 4 unread' });
    await act(() => client.inboxes.mark(1, true));
    screen.getByRole('button', { name: 'Notifications, 3 unread' });
  });
});
