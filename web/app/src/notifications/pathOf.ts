import type { Notification } from '@shopbell/client';

/** Where a notification leads, if it leads anywhere. */
export function pathOf({ related_entity_type, related_entity_id }: Notification) {
  if (related_entity_type === null || related_entity_id === null) return null;
  const params = { id: String(related_entity_id) };
  switch (related_entity_type) {
    case 'work_order':
      return { to: '/work-orders/$id', params } as const;
    case 'repair_ticket':
      return { to: '/tickets/$id', params } as const;
  }
}
