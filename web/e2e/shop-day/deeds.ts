// What people do on that day. Each deed is chosen from what its doer sees at that moment.
import { moves } from '../moves.ts';
import type { Answer, Json } from '../rest.ts';
import { statuses } from '../shapes.ts';
import type { WorkOrder } from '../wire.ts';
import type { Cast, Member } from './cast.ts';

export interface Chance {
  /** One of these; `undefined` of none. */
  of<Value>(values: readonly Value[]): Value | undefined;
  /** Whether something happens that does so this often. */
  is(share: number): boolean;
  /** From 1 up. */
  upTo(most: number): number;
}

/** The answers of the deed; empty when there was nothing to do it to. */
export type Deed = (cast: Cast, by: Member, chance: Chance) => Promise<readonly Answer[]>;

const everyone = ['admin', 'manager', 'technician', 'front_desk'] as const;
const office = ['admin', 'manager', 'front_desk'] as const;
const leads = ['admin', 'manager'] as const;

let written = 0;
/** A text that no other is. */
const text = (cast: Cast, what: string): string => `${what} ${(written += 1)} ${cast.mark}`;
const money = (chance: Chance): string => `${chance.upTo(400)}.50`;
const priorities = ['low', 'medium', 'high', 'urgent'] as const;

const call = (by: Member, method: string, path: string, body?: Json): Promise<Answer> =>
  by.person.call(method, path, body === undefined ? {} : { body });
const patch = (by: Member, order: WorkOrder, body: Json): Promise<Answer> =>
  call(by, 'PATCH', `/api/work-orders/${order.id}`, body);

const isTechnician = (by: Member): boolean => by.person.demo.role === 'technician';
/** The orders whose fields this person may write. */
const workable = (by: Member): WorkOrder[] =>
  [...by.view.orders.values()].filter(order => !isTechnician(by) || order.technician_id === by.person.id);

const takeIn: Deed = async (cast, by, chance) => [
  await call(by, 'POST', '/api/tickets', {
    customer_id: chance.of(cast.customers)!.id,
    device: text(cast, 'Device'),
    problem_description: text(cast, 'Problem'),
    priority: chance.of(priorities),
    ...(chance.is(0.3) && { notes: text(cast, 'Notes') }),
  }),
];

const inIntake = (by: Member) => [...by.view.tickets.values()].filter(ticket => ticket.status === 'intake');

const changeTicket: Deed = async (cast, by, chance) => {
  const ticket = chance.of(inIntake(by));
  if (ticket === undefined) return [];
  const changes = {
    ...(chance.is(0.6) && { device: text(cast, 'Device') }),
    ...(chance.is(0.4) && { notes: text(cast, 'Notes') }),
    ...(chance.is(0.4) && { priority: chance.of(priorities) }),
    ...(chance.is(0.2) && { customer_id: chance.of(cast.customers)!.id }),
  };
  return [await call(by, 'PATCH', `/api/tickets/${ticket.id}`, changes)];
};

const cancelTicket: Deed = async (_cast, by, chance) => {
  const ticket = chance.of(inIntake(by));
  if (ticket === undefined) return [];
  return [await call(by, 'PATCH', `/api/tickets/${ticket.id}`, { status: 'cancelled' })];
};

const convert: Deed = async (cast, by, chance) => {
  const ticket = chance.of(inIntake(by));
  if (ticket === undefined) return [];
  const named = isTechnician(by) ? {} : { technician_id: chance.of([...cast.technicians, null]) };
  return [await call(by, 'POST', `/api/tickets/${ticket.id}/convert`, named)];
};

const openOrder: Deed = async (cast, by, chance) => {
  const technician = chance.of([...cast.technicians, undefined]);
  return [
    await call(by, 'POST', '/api/work-orders', {
      customer_id: chance.of(cast.customers)!.id,
      device: text(cast, 'Device'),
      description: text(cast, 'Description'),
      ...(technician !== undefined && { technician_id: technician }),
      ...(chance.is(0.5) && { device_passcode: text(cast, 'hide-passcode') }),
    }),
  ];
};

const move: Deed = async (_cast, by, chance) => {
  const order = chance.of(workable(by).filter(each => moves[each.status].length > 0));
  if (order === undefined) return [];
  const to = moves[order.status].filter(status => status !== 'in_progress' || order.technician_id !== null);
  return [await patch(by, order, { status: chance.of(to) })];
};

const override: Deed = async (cast, by, chance) => {
  const order = chance.of(workable(by).filter(each => each.technician_id !== null));
  if (order === undefined) return [];
  const reason = { override_reason: text(cast, 'Because') };
  return [await patch(by, order, { status: chance.of(statuses), ...reason })];
};

const assign: Deed = async (cast, by, chance) => {
  const all = [...by.view.orders.values()];
  if (!isTechnician(by)) {
    const order = chance.of(all);
    return order ? [await patch(by, order, { technician_id: chance.of([...cast.technicians, null]) })] : [];
  }
  const isTaking = chance.is(0.6);
  const order = chance.of(all.filter(each => (each.technician_id === null) === isTaking));
  return order ? [await patch(by, order, { technician_id: isTaking ? by.person.id : null })] : [];
};

const write: Deed = async (cast, by, chance) => {
  const order = chance.of(workable(by));
  if (order === undefined) return [];
  const role = by.person.demo.role;
  return [
    await patch(by, order, {
      description: text(cast, 'Description'),
      ...(chance.is(0.4) && { estimate_total: money(chance) }),
      ...(chance.is(0.2) && { due_at: `2031-0${chance.upTo(9)}-01T10:00:00.000Z` }),
      ...(role !== 'technician' && {
        ...(chance.is(0.4) && { priority: chance.of(priorities) }),
        ...(chance.is(0.2) && { device: text(cast, 'Device') }),
        ...(chance.is(0.2) && { customer_id: chance.of(cast.customers)!.id }),
        ...(chance.is(0.3) && { device_passcode: text(cast, 'hide-passcode') }),
      }),
      ...((role === 'admin' || role === 'manager') && { cost_total: `777${chance.upTo(9)}.77` }),
    }),
  ];
};

/** A change that only some may know of. */
const price: Deed = async (_cast, by, chance) => {
  const order = chance.of(workable(by));
  return order ? [await patch(by, order, { cost_total: `777${chance.upTo(9)}.77` })] : [];
};

const everythingAtOnce: Deed = async (cast, by, chance) => {
  const order = chance.of(workable(by).filter(each => moves[each.status].length > 0));
  if (order === undefined) return [];
  return [
    await patch(by, order, {
      status: chance.of(moves[order.status]),
      technician_id: chance.of(cast.technicians),
      priority: chance.of(priorities),
      description: text(cast, 'Description'),
    }),
  ];
};

const note: Deed = async (cast, by, chance) => {
  const order = chance.of([...by.view.orders.values()]);
  if (order === undefined) return [];
  const mention = chance.is(0.5) ? `@${chance.of([...cast.names.values()])} ` : '';
  const body = { content: mention + text(cast, 'Note'), customer_visible: chance.is(0.5) };
  return [await call(by, 'POST', `/api/work-orders/${order.id}/notes`, body)];
};

const bulk: Deed = async (cast, by, chance) => {
  const orders = Array.from({ length: chance.upTo(5) + 1 }, () => chance.of(workable(by))!);
  const changes = {
    ...(chance.is(0.5) && { technician_id: chance.of([...cast.technicians, null]) }),
    priority: chance.of(priorities),
  };
  return [await call(by, 'PATCH', '/api/work-orders/bulk', { ids: orders.map(each => each.id), changes })];
};

let contacts = 0;
const contact = (chance: Chance): Json => ({
  ...(chance.is(0.5) && { phone: `+385 91 0000 ${(contacts += 1)}` }),
  ...(chance.is(0.5) && { email: `hide-email-${(contacts += 1)}@posta.example` }),
  ...(chance.is(0.3) && { address: `hide-address ${(contacts += 1)}` }),
});

const addCustomer: Deed = async (cast, by, chance) => {
  const answer = await call(by, 'POST', '/api/customers', {
    name: text(cast, 'Customer'),
    ...contact(chance),
  });
  cast.customers.push(answer.body['data'] as Cast['customers'][number]);
  return [answer];
};

const changeCustomer: Deed = async (cast, by, chance) => {
  const customer = chance.of(cast.customers)!;
  const changes = { ...(chance.is(0.6) && { name: text(cast, 'Customer') }), ...contact(chance) };
  return [await call(by, 'PATCH', `/api/customers/${customer.id}`, changes)];
};

const renameUser: Deed = async (cast, by, chance) => {
  const id = chance.of([...cast.names.keys()])!;
  const name = text(cast, 'Person');
  const answer = await call(by, 'PATCH', `/api/users/${id}`, { name });
  cast.names.set(id, name);
  return [answer];
};

const readOne: Deed = async (_cast, by, chance) => {
  const row = chance.of([...by.view.notifications.values()]);
  if (row === undefined) return [];
  return [await call(by, 'PATCH', `/api/notifications/${row.id}`, { is_read: chance.is(0.7) })];
};

const readAll: Deed = async (_cast, by, chance) => {
  const row = chance.of([...by.view.notifications.values()]);
  if (row === undefined) return [];
  return [await call(by, 'POST', '/api/notifications/mark-all-read', { up_to_id: row.id })];
};

const deleteOne: Deed = async (_cast, by, chance) => {
  const row = chance.of([...by.view.notifications.values()]);
  return row ? [await call(by, 'DELETE', `/api/notifications/${row.id}`)] : [];
};

/** Opens an order, works on it for all to see, and perhaps leaves it open. */
const visit: Deed = async (cast, by, chance) => {
  // A few, so that people meet there.
  const order = chance.of([...by.view.orders.values()].toSorted((a, b) => a.id - b.id).slice(0, 3));
  if (order === undefined) return [];
  const room = `work_order_${order.id}`;
  const { connection } = by;
  const joined = await connection.ask('join_room', room);
  if (joined['ok'] === true) {
    await connection.ask('user_presence', {
      status: chance.of(['viewing', 'editing', 'idle']),
      workOrderId: order.id,
    });
    await connection.ask('typing_start', { roomName: room, message: text(cast, 'Typing') });
    if (chance.is(0.5)) await connection.ask('typing_stop', { roomName: room });
    if (chance.is(0.6)) await connection.ask('leave_room', room);
  }
  return [];
};

/** Each deed with those who may do it; one that stands here twice is done twice as often. */
export const deeds: readonly { readonly roles: readonly string[]; readonly deed: Deed }[] = [
  { roles: everyone, deed: takeIn },
  { roles: everyone, deed: takeIn },
  { roles: everyone, deed: changeTicket },
  { roles: office, deed: cancelTicket },
  { roles: everyone, deed: convert },
  { roles: everyone, deed: convert },
  { roles: office, deed: openOrder },
  { roles: everyone, deed: move },
  { roles: everyone, deed: move },
  { roles: everyone, deed: move },
  { roles: leads, deed: override },
  { roles: everyone, deed: assign },
  { roles: everyone, deed: assign },
  { roles: everyone, deed: write },
  { roles: everyone, deed: write },
  { roles: leads, deed: price },
  { roles: office, deed: everythingAtOnce },
  { roles: everyone, deed: note },
  { roles: everyone, deed: note },
  { roles: leads, deed: bulk },
  { roles: office, deed: addCustomer },
  { roles: office, deed: changeCustomer },
  { roles: ['admin'], deed: renameUser },
  { roles: everyone, deed: readOne },
  { roles: everyone, deed: readOne },
  { roles: everyone, deed: readAll },
  { roles: everyone, deed: deleteOne },
  { roles: everyone, deed: visit },
  { roles: everyone, deed: visit },
];
