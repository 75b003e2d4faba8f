import { describe, expect, test } from 'vitest';
import { statuses } from '@shopbell/client';
import {
  belongs,
  openStatuses,
  parseFilter,
  statusesOf,
  statusParameter,
  stillBelongs,
  toApi,
} from '../src/workOrders/filter.ts';
import { parseInboxFilter } from '../src/notifications/filter.ts';
import { parseTicketFilter, ticketBelongs, ticketsToApi, ticketStillBelongs } from '../src/tickets/filter.ts';
import { ticket, workOrder } from '../../client/tests/fixtures.ts';

describe('the address', () => {
  test('keeps what it knows and drops the rest', () => {
    expect(
      parseFilter({ status: 'pending,nonsense,testing', technician: '4', search: ' iPhone ', page: 2 }),
    ).toEqual({
      status: 'pending,testing',
      technician: 4,
      search: 'iPhone',
    });
    expect(parseFilter({ status: 'nonsense', technician: 'x', search: '' })).toEqual({});
    expect(parseFilter({ priority: 'urgent' })).toEqual({ priority: 'urgent' });
    expect(parseFilter({ priority: 'nonsense' })).toEqual({});
    expect(parseFilter({ search: 2026 })).toEqual({ search: '2026' });
  });

  test('names open orders by saying nothing and all of them by `all`', () => {
    expect(statusesOf({})).toEqual(openStatuses);
    expect(statusesOf({ status: 'all' })).toBeNull();
    expect(statusParameter(new Set(openStatuses))).toBeUndefined();
    expect(statusParameter(new Set(statuses))).toBe('all');
    expect(statusParameter(new Set())).toBe('all');
    expect(statusParameter(new Set(['testing', 'pending']))).toBe('pending,testing');
  });

  test('is asked of the server in its words', () => {
    expect(toApi({ status: 'all', technician: 4, search: 'x' })).toEqual({
      status: undefined,
      technician_id: 4,
      search: 'x',
    });
    expect(toApi({}).status).toEqual(openStatuses);
  });
});

describe('membership', () => {
  test('ends when the status or the technician no longer fits', () => {
    const filter = { status: 'pending', technician: 4 };
    const row = workOrder({ status: 'pending', technician_id: 4 });
    expect(stillBelongs(filter, row)).toBe(true);
    expect(stillBelongs(filter, { ...row, status: 'testing' })).toBe(false);
    expect(stillBelongs(filter, { ...row, technician_id: null })).toBe(false);
    expect(stillBelongs({ priority: 'urgent' }, row)).toBe(false);
    expect(stillBelongs({ customer: 99 }, row)).toBe(false);
  });

  test('of an order that was heard of later is judged by the words that are shown', () => {
    expect(belongs({ search: 'IPHONE' }, workOrder())).toBe(true);
    expect(belongs({ search: 'marić' }, workOrder())).toBe(true);
    expect(belongs({ search: 'printer' }, workOrder())).toBe(false);
    // The server may have found it by what is not shown, so what it listed stays.
    expect(stillBelongs({ search: 'printer' }, workOrder())).toBe(true);
  });
});

describe('tickets', () => {
  test('are those in intake unless the address says otherwise', () => {
    expect(parseTicketFilter({ status: 'intake', search: 51 })).toEqual({ search: '51' });
    expect(parseTicketFilter({ status: 'nonsense' })).toEqual({});
    expect(ticketsToApi({}).status).toEqual(['intake']);
    expect(ticketsToApi(parseTicketFilter({ status: 'all' })).status).toBeUndefined();
    expect(ticketStillBelongs({}, ticket({ status: 'converted' }))).toBe(false);
    expect(ticketBelongs({ search: 'charge' }, ticket())).toBe(true);
    expect(ticketBelongs({ status: 'all', customer: 9 }, ticket())).toBe(false);
  });
});

test('an inbox is filtered by what the address says and nothing else', () => {
  expect(parseInboxFilter({ unread: 'true', type: 'repair_ticket' })).toEqual({
    unread: true,
    type: 'repair_ticket',
  });
  expect(parseInboxFilter({ unread: false, type: 'nonsense' })).toEqual({});
});
