import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { Session } from '@shopbell/client';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { PageFailure } from './shell/PageFailure.tsx';
import { Root } from './shell/Root.tsx';
import { Shell } from './shell/Shell.tsx';
import { parseFilter } from './workOrders/filter.ts';
import { WorkOrdersPage } from './workOrders/WorkOrdersPage.tsx';

interface Context {
  session: Session;
}

const root = createRootRouteWithContext<Context>()({ component: Root, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { from?: string } => {
    const { from } = search;
    // Only a path of this page: a link from elsewhere must not lead on to elsewhere.
    return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? { from } : {};
  },
  beforeLoad: ({ context: { session }, search }) => {
    if (session.state.status === 'signed_in') throw redirect({ href: search.from ?? '/', replace: true });
  },
  component: lazyRouteComponent(() => import('./signIn/SignInPage.tsx'), 'SignInPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: ({ context: { session }, location }) => {
    if (session.state.status !== 'signed_out') return;
    // Who chose to leave begins anew; who was sent here, or came by a link, gets to where they were going.
    const from = session.state.reason === 'left' ? undefined : location.href;
    throw redirect({
      to: '/sign-in',
      search: from === undefined || from === '/' ? {} : { from },
      replace: true,
    });
  },
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/work-orders', replace: true });
  },
});

const workOrders = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders',
  validateSearch: parseFilter,
  component: WorkOrdersPage,
});

const workOrder = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders/$id',
  component: lazyRouteComponent(() => import('./workOrder/WorkOrderPage.tsx'), 'WorkOrderPage'),
});

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./notifications/NotificationsPage.tsx'), 'NotificationsPage'),
});

const elsewhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([index, workOrders, workOrder, notifications, elsewhere]),
  ]),
  // Given by `App`.
  context: { session: undefined as never },
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
