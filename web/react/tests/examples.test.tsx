import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { Header } from '../src/examples/Header.tsx';
import { MyComponent } from '../src/examples/MyComponent.tsx';
import { WorkOrderDetail } from '../src/examples/WorkOrderDetail.tsx';
import { initialWorkOrder, visited } from '../src/examples/surroundings.ts';
import { renderWith, until, withServer } from './people.tsx';

const here = withServer();
const waiting = { timeout: 10_000 };

describe('the published examples work as printed', () => {
  test('using the WebSocket context in components', async () => {
    renderWith(here.server, <MyComponent />);
    expect(screen.getByText('Connection Status: Disconnected')).toBeDefined();
    await screen.findByText('Connection Status: Connected', {}, waiting);
    await until(() => here.server.asked.length > 0);
    expect(here.server.asked).toEqual(['join_room work_order_123']);
    here.server.cut();
    await screen.findByText('Connection Status: Disconnected', {}, waiting);
    await screen.findByText('Connection Status: Connected', {}, waiting);
    await until(() => here.server.asked.length > 1);
    expect(here.server.asked).toEqual(['join_room work_order_123', 'join_room work_order_123']);
  });

  test('using the real-time work order hook', async () => {
    here.server.answers.set('GET /api/work-orders/123', () => ({ data: initialWorkOrder, seq: 1 }));
    renderWith(here.server, <WorkOrderDetail />);
    expect(screen.getByText('Status: pending')).toBeDefined();
    await screen.findByText('Connection: Live', {}, waiting);
    here.server.emit('work_order_updated', {
      workOrderId: 123,
      action: 'status_changed',
      workOrder: { ...initialWorkOrder, status: 'in_progress', version: 2 },
      data: { oldStatus: 'pending', newStatus: 'in_progress', updatedBy: 2, overrideReason: null },
      timestamp: initialWorkOrder.updated_at,
      seq: 2,
    });
    await screen.findByText('Status: in_progress', {}, waiting);
    expect(screen.getByText('Updating...')).toBeDefined();
    await until(() => screen.queryByText('Updating...') === null);
    here.server.cut();
    await screen.findByText('Connection: Offline', {}, waiting);
  });

  test('the real-time notification badge', async () => {
    here.server.answers.set('GET /api/notifications/count', () => ({
      data: { count: 3, unread: 3 },
      seq: 1,
    }));
    renderWith(here.server, <Header />);
    const bell = await screen.findByRole('button', { name: 'Notifications, 3 unread' }, waiting);
    expect(bell.textContent).toContain('3');
    fireEvent.click(bell);
    expect(visited).toEqual(['/notifications']);
  });
});
