import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { session } from '../session/session.ts';

/** Around every page: looks again where the person may be when the session has changed. */
export function Root() {
  const router = useRouter();
  useEffect(() => {
    const look = () => void router.invalidate();
    // Once now, for what changed while the first page was loaded.
    look();
    return session.subscribe(look);
  }, [router]);
  return <Outlet />;
}
