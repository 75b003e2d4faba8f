import type { InboxFilter, NotificationType } from '@shopbell/client';
import { strings } from '../strings.ts';

export const types = Object.keys(strings.notifications.types) as readonly NotificationType[];

/** Reads the address; what cannot be read is left out. */
export function parseInboxFilter(address: Record<string, unknown>): InboxFilter {
  const type = types.find(name => name === address['type']);
  return {
    ...((address['unread'] === true || address['unread'] === 'true') && { unread: true as const }),
    ...(type !== undefined && { type }),
  };
}
