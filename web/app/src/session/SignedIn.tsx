import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError, createClient, type User } from '@shopbell/client';
import { WebSocketProvider, useClient } from '@shopbell/react';
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
  const [client] = useState(() => createClient({ tokens: session, person: user.id }));
  const [queries] = useState(createQueries);
  return (
    <UserContext value={user}>
      <QueryClientProvider client={queries}>
        <WebSocketProvider client={client}>
          <Reread />
          {children}
        </WebSocketProvider>
      </QueryClientProvider>
    </UserContext>
  );
}

/** Reads the lists again when all that is shown has to be, and those that failed when there is a connection again. */
function Reread() {
  const { timeline, connection } = useClient();
  const queries = useQueryClient();
  useEffect(() => {
    const undos = [
      timeline.onReread(async () => {
        // What nobody looks at begins with nothing when somebody does.
        queries.removeQueries({ type: 'inactive' });
        await queries.invalidateQueries(undefined, { throwOnError: true });
      }),
      connection.subscribe(() => {
        if (!connection.isConnected) return;
        void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
      }),
    ];
    return () => undos.forEach(undo => undo());
  }, [timeline, connection, queries]);
  return null;
}

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What others change is heard, also after an absence: no need to ask at every focus.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => error instanceof ApiError && error.isPassing && failures < 2,
      },
    },
  });
}
