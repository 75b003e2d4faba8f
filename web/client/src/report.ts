/** Tells the page of an error that must not stop what runs: `window.onerror` hears it, where there is a window. */
export function report(error: unknown): void {
  // Not everywhere that this runs (a server that renders, a test) has the function.
  if (typeof reportError === 'function') reportError(error);
}
