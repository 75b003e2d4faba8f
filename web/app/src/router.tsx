import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { Session } from '@shopbell/client';
import { parseInboxFilter } from './notifications/filter.ts';
import { parseCustomer, parseSearch } from './address.ts';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { PageFailure } from './shell/PageFailure.tsx';
import { Root } from './shell/Root.tsx';
import { Shell } from './shell/Shell.tsx';
import { parseTicketFilter } from './tickets/filter.ts';
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

const board = createRoute({
  getParentRoute: () => shell,
  path: '/board',
  validateSearch: parseFilter,
  component: lazyRouteComponent(() => import('./board/BoardPage.tsx'), 'BoardPage'),
});

const workOrders = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders',
  validateSearch: parseFilter,
  component: WorkOrdersPage,
});

const newWorkOrder = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders/new',
  validateSearch: parseCustomer,
  component: lazyRouteComponent(() => import('./workOrders/NewWorkOrderPage.tsx'), 'NewWorkOrderPage'),
});

const workOrder = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders/$id',
  component: lazyRouteComponent(() => import('./workOrder/WorkOrderPage.tsx'), 'WorkOrderPage'),
});

const tickets = createRoute({
  getParentRoute: () => shell,
  path: '/tickets',
  validateSearch: parseTicketFilter,
  component: lazyRouteComponent(() => import('./tickets/TicketsPage.tsx'), 'TicketsPage'),
});

const newTicket = createRoute({
  getParentRoute: () => shell,
  path: '/tickets/new',
  validateSearch: parseCustomer,
  component: lazyRouteComponent(() => import('./tickets/NewTicketPage.tsx'), 'NewTicketPage'),
});

const ticket = createRoute({
  getParentRoute: () => shell,
  path: '/tickets/$id',
  component: lazyRouteComponent(() => import('./tickets/TicketPage.tsx'), 'TicketPage'),
});

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: parseSearch,
  component: lazyRouteComponent(() => import('./customers/CustomersPage.tsx'), 'CustomersPage'),
});

const newCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/new',
  component: lazyRouteComponent(() => import('./customers/NewCustomerPage.tsx'), 'NewCustomerPage'),
});

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$id',
  component: lazyRouteComponent(() => import('./customers/CustomerPage.tsx'), 'CustomerPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/PeoplePage.tsx'), 'PeoplePage'),
});

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  validateSearch: parseInboxFilter,
  component: lazyRouteComponent(() => import('./notifications/NotificationsPage.tsx'), 'NotificationsPage'),
});

const elsewhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      index,
      board,
      workOrders,
      newWorkOrder,
      workOrder,
      tickets,
      newTicket,
      ticket,
      customers,
      newCustomer,
      customer,
      people,
      notifications,
      elsewhere,
    ]),
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
