import { act, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import {
  NotificationInbox,
  NotificationToaster,
  RealTimeNotificationBadge,
  useRealTimeWorkOrder,
  useWebSocket,
  WebSocketProvider,
  WebSocketStatus,
  type RealTimeWorkOrder,
} from '../src/index.ts';
import { at, notification, workOrder } from '../../client/tests/fixtures.ts';
import { renderWith, until, withServer } from './people.tsx';

const here = withServer();
const waiting = { timeout: 10_000 };

const updated = (row = workOrder(), seq = 5) => ({
  workOrderId: row.id,
  action: 'updated' as const,
  workOrder: row,
  data: { updatedFields: {}, updatedBy: 1 },
  timestamp: at,
  seq,
});

describe('StrictMode', () => {
  test('makes one connection and one join, and unmounting leaves and closes', async () => {
    function Order({ id }: { id: number }) {
      useRealTimeWorkOrder(id);
      return null;
    }
    const { client } = renderWith(
      here.server,
      <>
        <Order id={7} />
        <Order id={7} />
      </>,
    );
    await until(() => here.server.asked.length > 0);
    expect(here.server.sockets).toHaveLength(1);
    expect(here.server.asked).toEqual(['join_room work_order_7']);
    const { unmount } = render(
      <StrictMode>
        <WebSocketProvider client={client}>
          <Order id={8} />
        </WebSocketProvider>
      </StrictMode>,
    );
    await until(() => here.server.asked.length > 1);
    unmount();
    await until(() => here.server.asked.length > 2);
    expect(here.server.asked.slice(1)).toEqual(['join_room work_order_8', 'leave_room work_order_8']);
    expect(client.connection.isConnected).toBe(true);
  });
});

describe('useRealTimeWorkOrder', () => {
  let seen: RealTimeWorkOrder;
  function Order({ initial }: { initial: Parameters<typeof useRealTimeWorkOrder>[0] }) {
    seen = useRealTimeWorkOrder(initial);
    return <p>{seen.workOrder?.description ?? 'nothing'}</p>;
  }

  test('shows the newest of the given row, the answer and the events', async () => {
    here.server.answers.set('GET /api/work-orders/7', () => ({
      data: workOrder({ version: 2, description: 'read' }),
      seq: 2,
    }));
    renderWith(here.server, <Order initial={workOrder({ description: 'given' })} />);
    expect(screen.getByText('given')).toBeDefined();
    await screen.findByText('read', {}, waiting);
    await until(() => seen.isConnected);
    here.server.emit('work_order_updated', updated(workOrder({ version: 3, description: 'event' })));
    await screen.findByText('event', {}, waiting);
    act(() => seen.setWorkOrder(workOrder({ version: 2, description: 'late answer' })));
    expect(screen.getByText('event')).toBeDefined();
    act(() =>
      seen.setWorkOrder(current => ({ ...current, version: 4, description: `${current.description} set` })),
    );
    expect(screen.getByText('event set')).toBeDefined();
  });

  test('shows nothing of an order that was taken from sight, and says so', async () => {
    here.server.answers.set('GET /api/work-orders/7', () => ({ data: workOrder(), seq: 2 }));
    renderWith(here.server, <Order initial={7} />);
    await screen.findByText('Cracked screen', {}, waiting);
    await until(() => seen.isConnected);
    here.server.emit('work_order_removed', { workOrderId: 7, timestamp: at, seq: 9 });
    await screen.findByText('nothing', {}, waiting);
    expect(seen.isRemoved).toBe(true);
  });

  test('needs no order', () => {
    renderWith(here.server, <Order initial={null} />);
    expect(screen.getByText('nothing')).toBeDefined();
    expect(seen.isRemoved).toBe(false);
  });
});

describe('useWebSocket', () => {
  test('gives the same functions over every change of status, and none of them throws', async () => {
    const values: ReturnType<typeof useWebSocket>[] = [];
    function Probe() {
      values.push(useWebSocket());
      return null;
    }
    renderWith(here.server, <Probe />);
    const first = values[0]!;
    expect(first.emit('typing')).toBe(false);
    await until(() => values.at(-1)!.isConnected);
    const { joinRoom, leaveRoom, emit, on, off, socket } = values.at(-1)!;
    expect({ joinRoom, leaveRoom, emit, on, off, socket }).toEqual({
      joinRoom: first.joinRoom,
      leaveRoom: first.leaveRoom,
      emit: first.emit,
      on: first.on,
      off: first.off,
      socket: first.socket,
    });
    const heard = vi.fn();
    on('test', heard);
    here.server.sockets[0]!.emit('test', { message: 'Hello' });
    await until(() => heard.mock.calls.length === 1);
    off('test', heard);
    leaveRoom('work_order_1');
    // A value that cannot be sent is reported, not thrown.
    expect(emit('anything', 1n)).toBe(false);
  });

  test('says plainly that a provider is missing', () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<RealTimeNotificationBadge />)).toThrow('no WebSocketProvider');
    quiet.mockRestore();
  });
});

describe('notifications', () => {
  test('the badge shows the server’s count and nothing at none', async () => {
    here.server.answers.set('GET /api/notifications/count', () => ({
      data: { count: 0, unread: 0 },
      seq: 1,
    }));
    const { client } = renderWith(here.server, <RealTimeNotificationBadge />);
    await until(() => client.store.state.unread !== null && client.connection.isConnected);
    expect(screen.getByRole('button', { name: 'Notifications' }).textContent).toBe('');
    here.server.emit('notification_count_updated', { userId: 3, unreadCount: 120, timestamp: at, seq: 4 });
    const bell = await screen.findByRole('button', { name: 'Notifications, 120 unread' }, waiting);
    expect(bell.textContent).toBe('99+');
  });

  test('the inbox opens, marks, and follows the other tab', async () => {
    const rows = [notification({ id: 2, title: 'Second' }), notification({ id: 1, title: 'First' })];
    here.server.answers.set('GET /api/notifications', () => ({ data: rows, seq: 2 }));
    here.server.answers.set('GET /api/notifications/count', () => ({
      data: { count: 2, unread: 2 },
      seq: 2,
    }));
    here.server.answers.set('PATCH /api/notifications/2', () => ({
      data: { ...rows[0], is_read: true },
      seq: 3,
    }));
    const opened = vi.fn();
    const { client } = renderWith(here.server, <NotificationInbox onOpen={opened} />);
    fireEvent.click(await screen.findByRole('button', { name: /^Second/ }, waiting));
    expect(opened).toHaveBeenCalledWith(rows[0]);
    await screen.findByRole('button', { name: 'Mark unread: Second' }, waiting);
    await until(() => client.connection.isConnected);
    here.server.emit('notification_read', { ids: [1], isRead: true, timestamp: at, seq: 6 });
    await screen.findByRole('button', { name: 'Mark unread: First' }, waiting);
  });

  test('the inbox says when it is empty, and when it could not be read', async () => {
    renderWith(here.server, <NotificationInbox />);
    const alert = await screen.findByRole('alert', {}, waiting);
    expect(alert.textContent).toContain('No.');
    here.server.answers.set('GET /api/notifications', () => ({ data: [], seq: 2 }));
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('Nothing here yet.', {}, waiting);
  });

  test('the toaster hands over what arrives, but not the quiet ones', async () => {
    const toast = vi.fn();
    const { client } = renderWith(here.server, <NotificationToaster onNotification={toast} />);
    await until(() => client.connection.isConnected);
    for (const [id, urgency] of [
      [1, 'quiet'],
      [2, 'normal'],
      [3, 'interrupt'],
    ] as const) {
      here.server.emit('notification_received', {
        notification: notification({ id, urgency }),
        timestamp: at,
        seq: id,
      });
    }
    await until(() => toast.mock.calls.length === 2);
    expect(toast.mock.calls.map(([row]: { id: number }[]) => row!.id)).toEqual([2, 3]);
  });
});

test('the status chip tells what is', async () => {
  renderWith(here.server, <WebSocketStatus />);
  const chip = screen.getByRole('status');
  expect(chip.textContent).toBe('Connecting…');
  await until(() => chip.textContent === 'Live');
  here.server.cut();
  await until(() => chip.textContent === 'Reconnecting…');
  await until(() => chip.textContent === 'Live');
});
