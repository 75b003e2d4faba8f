import type { Command } from '@shopbell/client';
import { strings } from '../strings.ts';

const words = strings.outbox;

/** What somebody did, in a line. */
export function describe(command: Command): string {
  switch (command.kind) {
    case 'work_order': {
      const { status } = command.patch;
      if (status !== undefined) return words.move(command.number, strings.statuses[status]);
      return words.fields(command.number, Object.keys(command.patch).map(nameOf));
    }
    case 'ticket':
      if (command.patch.status === 'cancelled') return words.cancelTicket(command.number);
      return words.fields(command.number, Object.keys(command.patch).map(nameOf));
    case 'note':
      return words.note(command.number, command.note.content);
    case 'new_ticket':
      return words.newTicket(command.ticket.device);
    case 'notification':
      return command.isRead ? words.read : words.unread;
    case 'all_notifications':
      return words.readAll;
  }
}

/** Where it is shown what it is about. */
export function placeOf(command: Command) {
  switch (command.kind) {
    case 'work_order':
      return { to: '/work-orders/$id', params: { id: String(command.id) } } as const;
    case 'note':
      return { to: '/work-orders/$id', params: { id: String(command.workOrderId) } } as const;
    case 'ticket':
      return { to: '/tickets/$id', params: { id: String(command.id) } } as const;
    case 'new_ticket':
      return { to: '/tickets' } as const;
    case 'notification':
    case 'all_notifications':
      return { to: '/notifications' } as const;
  }
}

const nameOf = (field: string) => (words.names as Readonly<Record<string, string>>)[field] ?? field;
