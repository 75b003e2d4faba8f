import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ApiError, createClient, type User } from '@shopbell/client';
import { WebSocketProvider } from '@shopbell/react';
import { session } from './session.ts';
import { UserContext } from './useSession.ts';

interface Props {
  user: User;
  children: ReactNode;
}

/**
 * One person's connection and everything known through it. Keyed by the person where it is used: with the next one
 * nothing of this one is left.
 */
export function SignedIn({ user, children }: Props) {
  const [client] = useState(() => createClient({ tokens: session }));
  const [queries] = useState(createQueries);
  return (
    <UserContext value={user}>
      <QueryClientProvider client={queries}>
        <WebSocketProvider client={client}>{children}</WebSocketProvider>
      </QueryClientProvider>
    </UserContext>
  );
}

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What others change is heard, and a reconnection reads again: no need to ask at every focus.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => error instanceof ApiError && error.isPassing && failures < 2,
      },
    },
  });
}
