// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { browserRefreshTokens } from '../src/index.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('refresh tokens in the browser', () => {
  test('a new tab is whoever signed in last, and a tab that was left stays nobody over a reload', () => {
    const tab = browserRefreshTokens();
    expect(tab.person()).toBeNull();
    tab.setPerson(3);
    sessionStorage.clear();
    expect(browserRefreshTokens().person()).toBe(3);
    tab.setPerson(null);
    expect(browserRefreshTokens().person()).toBeNull();
  });

  test('another tab that removes the token is heard, one that replaces it is not', () => {
    const tab = browserRefreshTokens();
    const removed = vi.fn();
    const undo = tab.watchRemoval(3, removed);
    tab.write(3, 'new');
    window.dispatchEvent(new StorageEvent('storage', { key: 'shopbell.refresh.3' }));
    expect(removed).not.toHaveBeenCalled();
    tab.remove(3);
    window.dispatchEvent(new StorageEvent('storage', { key: 'shopbell.refresh.4' }));
    expect(removed).not.toHaveBeenCalled();
    window.dispatchEvent(new StorageEvent('storage', { key: 'shopbell.refresh.3' }));
    expect(removed).toHaveBeenCalledTimes(1);
    undo();
    window.dispatchEvent(new StorageEvent('storage', { key: null }));
    expect(removed).toHaveBeenCalledTimes(1);
  });

  test('a browser that forbids storage keeps them for as long as the page lives', () => {
    const forbidden = vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const tab = browserRefreshTokens();
    tab.write(3, 'token');
    expect(tab.read(3)).toBe('token');
    forbidden.mockRestore();
    expect(localStorage.length).toBe(0);
  });
});
