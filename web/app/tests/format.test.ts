import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { due, fromLocalInput, initials, moment, money, parseMoney, toLocalInput } from '../src/format.ts';

/** A moment in the browser's own zone, whatever that is here. */
const local = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date(2026, 2, 10, 0, 30));
});
afterEach(() => vi.useRealTimers());

describe('times', () => {
  test('go by the day of the browser’s zone, not by hours', () => {
    expect(moment(local(2026, 2, 9, 23, 59))).toBe('yesterday 23:59');
    expect(moment(local(2026, 2, 10, 23, 0))).toBe('today 23:00');
    expect(moment(local(2026, 2, 3, 9, 5))).toBe('Tue 3 Mar 09:05');
    expect(moment(local(2025, 2, 3, 9, 5))).toBe('3 Mar 2025');
  });

  test('a due date is said as near as it is', () => {
    expect(due(local(2026, 2, 11, 9, 0))).toBe('tomorrow 09:00');
    expect(due(local(2026, 2, 14, 9, 0))).toBe('in 4 days');
    expect(due(local(2026, 2, 7, 9, 0))).toBe('3 days ago');
    expect(due(local(2026, 5, 1, 9, 0))).toBe('1 Jun 2026');
  });

  test('pass through a date input unharmed', () => {
    const at = local(2026, 6, 1, 14, 30);
    expect(toLocalInput(at)).toBe('2026-07-01T14:30');
    expect(fromLocalInput(toLocalInput(at))).toBe(at);
  });
});

test('amounts are read as people write them', () => {
  expect(['50', '7,5', ' 120.00 ', '0'].map(parseMoney)).toEqual(['50.00', '7.50', '120.00', '0.00']);
  expect(['', '-1', '1.234', 'ten', '1e3', '12345678'].map(parseMoney)).toEqual(Array(6).fill(undefined));
  expect(money('1234.50')).toBe('1,234.50');
});

test('initials are the first and the last', () => {
  expect(['Marko Kovač', 'Ana Maria Novak', 'Cher', ''].map(initials)).toEqual(['MK', 'AN', 'C', '']);
});
