import type { WorkOrder } from '@shopbell/client';

/*
 * What the published examples beside this file use without saying where it comes from. The examples themselves stand
 * as they were printed, spaces and all; only imports and exports were put around them. `tests/examples.test.tsx`
 * renders them.
 */

export const initialWorkOrder: WorkOrder = {
  id: 123,
  number: '2026-0123',
  ticket_id: null,
  customer_id: 3,
  customer_name: 'Ivana Marić',
  customer_phone: null,
  customer_email: null,
  device: 'iPhone 13',
  device_passcode: null,
  description: 'Cracked screen',
  status: 'pending',
  priority: 'medium',
  technician_id: null,
  technician_name: null,
  estimate_total: null,
  cost_total: null,
  due_at: null,
  started_at: null,
  completed_at: null,
  created_at: '2026-03-02T09:00:00.000Z',
  updated_at: '2026-03-02T09:00:00.000Z',
  version: 1,
};

/** Where the examples asked to go, last one last. */
export const visited: string[] = [];

export function navigate(path: string): void {
  visited.push(path);
}
