// What one person knows of their shop: read once by REST, and from then on told by events alone.
import type { Received } from '../connection.ts';
import type { Person } from '../person.ts';
import type { Notification, ServerEvents, Ticket, WorkOrder } from '../wire.ts';

interface Versioned {
  readonly id: number;
  readonly version: number;
}

export class View {
  readonly orders = new Map<number, WorkOrder>();
  readonly tickets = new Map<number, Ticket>();
  readonly notifications = new Map<number, Notification>();
  unread = 0;

  /** As REST tells it now. */
  static async read(person: Person): Promise<View> {
    const view = new View();
    for (const order of await person.orders()) view.orders.set(order.id, order);
    for (const ticket of await person.tickets()) view.tickets.set(ticket.id, ticket);
    for (const row of await person.notifications()) view.notifications.set(row.id, row);
    view.unread = await person.unread();
    return view;
  }

  /** The rule of any client: the newest version of a row counts, what is removed is gone, notifications go by their id. */
  apply({ name, payload }: Received): void {
    const event = payload as never;
    rules[name as keyof ServerEvents]?.(this, event);
  }

  /** Comparable, whatever the order in which rows came. */
  get rows(): object {
    const sorted = <Row extends { id: number }>(rows: Map<number, Row>): Row[] =>
      [...rows.values()].toSorted((a, b) => a.id - b.id);
    return {
      orders: sorted(this.orders),
      tickets: sorted(this.tickets),
      notifications: sorted(this.notifications),
      unread: this.unread,
    };
  }
}

function keepNewest<Row extends Versioned>(rows: Map<number, Row>, row: Row): void {
  const known = rows.get(row.id);
  if (known === undefined || row.version >= known.version) rows.set(row.id, row);
}

type Rules = { readonly [Name in keyof ServerEvents]?: (view: View, event: ServerEvents[Name]) => void };

const rules: Rules = {
  work_order_updated: (view, { workOrder }) => keepNewest(view.orders, workOrder),
  work_order_removed: (view, { workOrderId }) => void view.orders.delete(workOrderId),
  work_order_assignment_update: (view, { workOrder }) => {
    if ('version' in workOrder) keepNewest(view.orders, workOrder);
  },
  repair_ticket_updated: (view, { ticket }) => keepNewest(view.tickets, ticket),
  repair_ticket_removed: (view, { ticketId }) => void view.tickets.delete(ticketId),
  notification_received: (view, { notification }) =>
    void view.notifications.set(notification.id, notification),
  notification_deleted: (view, { ids }) => {
    for (const id of ids) view.notifications.delete(id);
  },
  notification_read: (view, event) => {
    for (const row of view.notifications.values()) {
      const isMeant = 'ids' in event ? event.ids.includes(row.id) : row.id <= event.upToId;
      if (isMeant) view.notifications.set(row.id, { ...row, is_read: event.isRead });
    }
  },
  notification_count_updated: (view, { unreadCount }) => {
    view.unread = unreadCount;
  },
};
