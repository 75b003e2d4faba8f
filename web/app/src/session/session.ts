import { Session } from '@shopbell/client';

/** The page's one session, on the page's own origin. */
export const session = new Session();

void session.restore();

// A page that could not ask at first asks again as soon as there is a network.
window.addEventListener('online', () => {
  if (session.state.status === 'unreachable') void session.restore();
});
