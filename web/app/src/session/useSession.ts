import { useSyncExternalStore } from 'react';
import type { SessionState, User } from '@shopbell/client';
import { createContext, use } from 'react';
import { session } from './session.ts';

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

export const UserContext = createContext<User | null>(null);

/** Who is signed in, on the pages that only show then. */
export function useUser(): User {
  const user = use(UserContext);
  if (user === null) throw new Error('Nobody is signed in here.');
  return user;
}
