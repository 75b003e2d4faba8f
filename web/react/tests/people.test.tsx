import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  ErrorBoundary,
  PresenceAvatars,
  TypingLine,
  usePresence,
  useRealTimeWorkOrder,
  useWebSocket,
  type RealTimeWorkOrder,
  type WebSocketValue,
} from '../src/index.ts';
import { at, workOrder } from '../../client/tests/fixtures.ts';
import { renderWith, until, withServer } from './people.tsx';

const here = withServer();
const waiting = { timeout: 10_000 };
const marko = { userId: 2, userName: 'Marko Kovač' };

describe('who is here', () => {
  test('useWebSocket knows who is connected, and its commands reach the server', async () => {
    let value: WebSocketValue | undefined;
    function Probe() {
      value = useWebSocket();
      const people = usePresence();
      return <PresenceAvatars people={people} label="Online" />;
    }
    renderWith(here.server, <Probe />);
    await until(() => value?.isConnected === true);
    const user = { ...marko, role: 'manager' as const };
    here.server.emit('presence_snapshot', { users: [{ ...user, status: 'active' }], timestamp: at });
    await screen.findByText('Marko Kovač, active', {}, waiting);
    expect(value?.connectedUsers.map(({ userName }) => userName)).toEqual(['Marko Kovač']);
    act(() => {
      value?.sendTypingStart('work_order_7', 'Hello');
      value?.sendTypingStop('work_order_7');
      value?.sendUserPresence('viewing', 7);
    });
    await until(() => here.server.told.length === 3);
    expect(here.server.told).toEqual([
      ['typing_start', { roomName: 'work_order_7', message: 'Hello' }],
      ['typing_stop', { roomName: 'work_order_7' }],
      ['user_presence', { status: 'viewing', workOrderId: 7 }],
    ]);
    here.server.emit('user_offline', { ...user, timestamp: at });
    await until(() => screen.queryByRole('list', { name: 'Online' }) === null);
  });

  test('at an order shows the others, and tells them of this person', async () => {
    here.server.viewers = [{ ...marko, status: 'viewing' }];
    here.server.answers.set('GET /api/work-orders/7', () => ({ data: workOrder(), seq: 1 }));
    let order: RealTimeWorkOrder | undefined;
    function Order() {
      order = useRealTimeWorkOrder(7);
      return (
        <>
          <PresenceAvatars people={order.viewers} />
          <TypingLine typists={order.typists} />
        </>
      );
    }
    renderWith(here.server, <Order />);
    await screen.findByText('Marko Kovač, viewing', {}, waiting);
    await until(() => here.server.told.length > 0);
    expect(here.server.told).toEqual([['user_presence', { status: 'viewing', workOrderId: 7 }]]);
    act(() => {
      order?.sendPresenceUpdate('editing');
      order?.sendTypingIndicator(true, 'description');
      order?.sendTypingIndicator(true, 'description');
    });
    await until(() => here.server.told.length === 3);
    expect(here.server.told.slice(1)).toEqual([
      ['user_presence', { status: 'editing', workOrderId: 7 }],
      ['typing_start', { roomName: 'work_order_7', field: 'description' }],
    ]);

    here.server.emit('user_presence_update', { ...marko, status: 'editing', workOrderId: 7, timestamp: at });
    await screen.findByText('Marko Kovač, editing', {}, waiting);
    const typing = { ...marko, roomName: 'work_order_7', message: null, field: null, timestamp: at };
    here.server.emit('user_typing_start', typing);
    await screen.findByText('Marko Kovač is typing…', {}, waiting);
    here.server.emit('user_typing_stop', typing);
    await until(() => screen.getByRole('status').textContent === '');
  });

  test('is told that the tab is out of sight', async () => {
    function Order() {
      useRealTimeWorkOrder(8);
      return null;
    }
    renderWith(here.server, <Order />);
    await until(() => here.server.told.length === 1);
    const sight = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => here.server.told.length === 2);
    sight.mockRestore();
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => here.server.told.length === 3);
    expect(here.server.told.map(([, payload]) => payload)).toEqual(
      ['viewing', 'away', 'viewing'].map(status => ({ status, workOrderId: 8 })),
    );
  });
});

test('a part that breaks leaves the rest of the page, and can be tried again', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  let isBroken = true;
  function Part() {
    if (isBroken) throw new Error('broken');
    return <p>The part</p>;
  }
  const heard = vi.fn();
  renderWith(
    here.server,
    <>
      <p>The rest</p>
      <ErrorBoundary onError={heard}>
        <Part />
      </ErrorBoundary>
    </>,
  );
  expect(screen.getByText('The rest')).toBeDefined();
  expect(heard).toHaveBeenCalled();
  isBroken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('The part')).toBeDefined();
  quiet.mockRestore();
});

test('more people than there is room for are a number with their names', () => {
  const people = Array.from({ length: 7 }, (_, id) => ({
    userId: id,
    userName: `User ${id}`,
    status: 'viewing',
  }));
  renderWith(here.server, <PresenceAvatars people={people} />);
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  expect(screen.getByText(/^User 4, viewing; User 5/)).toBeDefined();
});
