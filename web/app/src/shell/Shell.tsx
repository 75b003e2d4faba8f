import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SignedIn } from '../session/SignedIn.tsx';
import { useSession } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { Opening } from './Opening.tsx';
import { TopBar } from './TopBar.tsx';
import { BottomBar } from './BottomBar.tsx';
import { Toasts } from './Toasts.tsx';
import styles from './Shell.module.css';

/** What stands around every page of a person who is signed in. */
export function Shell() {
  const state = useSession();
  if (state.status !== 'signed_in') return <Opening isUnreachable={state.status === 'unreachable'} />;
  return (
    <SignedIn key={state.user.id} user={state.user}>
      <a className={styles.skip} href="#content">
        {strings.shell.skip}
      </a>
      <div className={styles.shell}>
        <TopBar />
        <Content />
        <BottomBar />
      </div>
      <Toasts />
    </SignedIn>
  );
}

function Content() {
  const path = useRouterState({ select: state => state.location.pathname });
  const content = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    // After a change of page the keyboard goes on at the page, not at the link that led there.
    if (shown.current !== path) content.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return (
    <main id="content" ref={content} tabIndex={-1} className={styles.content}>
      <Outlet />
    </main>
  );
}
