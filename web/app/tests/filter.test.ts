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
import { workOrder } from '../../client/tests/fixtures.ts';

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
  });

  test('of an order that was heard of later is judged by the words that are shown', () => {
    expect(belongs({ search: 'IPHONE' }, workOrder())).toBe(true);
    expect(belongs({ search: 'marić' }, workOrder())).toBe(true);
    expect(belongs({ search: 'printer' }, workOrder())).toBe(false);
    // The server may have found it by what is not shown, so what it listed stays.
    expect(stillBelongs({ search: 'printer' }, workOrder())).toBe(true);
  });
});
