// The status table of contract section 4.
import type { Status } from './wire.ts';

/** Typed from the contract's table. */
export const moves: Record<Status, readonly Status[]> = {
  intake: ['diagnosing', 'quoted', 'pending', 'cancelled'],
  diagnosing: ['quoted', 'pending', 'parts_ordered', 'cancelled'],
  quoted: ['awaiting_approval', 'diagnosing', 'cancelled'],
  awaiting_approval: ['pending', 'declined', 'diagnosing', 'cancelled'],
  pending: ['in_progress', 'parts_ordered', 'diagnosing', 'cancelled'],
  parts_ordered: ['pending', 'in_progress', 'cancelled'],
  in_progress: ['testing', 'completed', 'parts_ordered', 'awaiting_approval', 'pending'],
  testing: ['completed', 'in_progress'],
  completed: ['ready_for_pickup', 'in_progress'],
  ready_for_pickup: ['picked_up', 'in_progress'],
  declined: ['ready_for_pickup'],
  picked_up: [],
  cancelled: [],
};
