import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  mayAssign,
  mayCancel,
  mayChangeMany,
  mayConvert,
  mayEdit,
  mayEditCustomers,
  mayEditTicket,
  mayOpenWorkOrders,
  mayTake,
  movesFrom,
  movesOf,
  priorities,
  statuses,
  type Role,
} from '../src/index.ts';
import { ticket, user, workOrder } from './fixtures.ts';

describe('what is offered', () => {
  test('are the moves that the server’s table has', () => {
    const source = readFileSync(new URL('../../../crates/domain/src/transition.rs', import.meta.url), 'utf8');
    const table = /TABLE: &str = "([^"]*)"/.exec(source)?.[1] ?? '';
    const rows = table.split('\n').flatMap(line => {
      const [from, to] = line.split(':');
      return to === undefined ? [] : [[from!.trim(), to.trim().split(/\s+/).filter(Boolean).toSorted()]];
    });
    expect(rows).toHaveLength(statuses.length);
    const offered = statuses.map(status => [status, [...movesFrom(status)].toSorted()]);
    expect(Object.fromEntries(offered)).toEqual(Object.fromEntries(rows));
    expect(priorities).toHaveLength(4);
  });

  test('follows the role and whose order it is', () => {
    const own = workOrder({ technician_id: 3 });
    const pool = workOrder({ technician_id: null });
    const as = (role: Role) => user({ role });
    expect(mayEdit(as('technician'), 'status', own)).toBe(true);
    expect(mayEdit(as('technician'), 'priority', own)).toBe(false);
    expect(mayEdit(as('technician'), 'status', pool)).toBe(false);
    expect(mayEdit(as('front_desk'), 'priority', pool)).toBe(true);
    expect(mayEdit(as('front_desk'), 'cost_total', pool)).toBe(false);
    expect(mayEdit(as('manager'), 'cost_total', pool)).toBe(true);
    expect([
      mayTake(as('technician'), pool),
      mayTake(as('technician'), own),
      mayTake(as('admin'), pool),
    ]).toEqual([true, false, false]);
    expect([mayAssign(as('front_desk')), mayAssign(as('technician'))]).toEqual([true, false]);
  });

  test('of tickets, customers and many orders follows the role too', () => {
    const roles = ['admin', 'manager', 'front_desk', 'technician'] as const;
    const who = (may: (someone: ReturnType<typeof user>) => boolean) =>
      roles.filter(role => may(user({ role })));
    const [intake, converted] = [ticket(), ticket({ status: 'converted', work_order_id: 7 })];
    expect(who(someone => mayEditTicket(someone, intake))).toEqual(roles);
    expect(who(someone => mayEditTicket(someone, converted))).toEqual(['admin', 'manager', 'front_desk']);
    expect(who(someone => mayCancel(someone, intake))).toEqual(['admin', 'manager', 'front_desk']);
    expect(who(someone => mayCancel(someone, converted))).toEqual([]);
    expect([mayConvert(intake), mayConvert(converted)]).toEqual([true, false]);
    expect(who(mayEditCustomers)).toEqual(['admin', 'manager', 'front_desk']);
    expect(who(mayOpenWorkOrders)).toEqual(['admin', 'manager', 'front_desk']);
    expect(who(mayChangeMany)).toEqual(['admin', 'manager']);
  });

  test('work does not begin on what nobody has', () => {
    const manager = user({ role: 'manager' });
    expect(movesOf(manager, workOrder({ technician_id: null }))).not.toContain('in_progress');
    expect(movesOf(manager, workOrder({ technician_id: 3 }))).toContain('in_progress');
    expect(movesOf(user({ id: 4 }), workOrder({ technician_id: 3 }))).toEqual([]);
  });
});
