import type { Notification } from '@shopbell/client';

/** Where a notification leads, if it leads anywhere. */
export function pathOf({ related_entity_type, related_entity_id }: Notification) {
  if (related_entity_type !== 'work_order' || related_entity_id === null) return null;
  return { to: '/work-orders/$id', params: { id: String(related_entity_id) } } as const;
}
