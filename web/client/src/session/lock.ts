/** Runs one task at a time under a name. */
export type Lock = <T>(name: string, task: () => Promise<T>) => Promise<T>;

/**
 * A Web Lock, which holds over all tabs. Browsers have it on https and loopback only; elsewhere the task runs at once,
 * and two tabs that spend one refresh token are told apart by the server's grace and by `Session`'s second look.
 */
export const webLock: Lock = async (name, task) =>
  typeof navigator !== 'undefined' && 'locks' in navigator ? navigator.locks.request(name, task) : task();
