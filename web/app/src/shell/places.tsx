import type { ReactNode } from 'react';
import { BoardIcon, PersonIcon, TicketIcon, WrenchIcon } from '../look/icons.tsx';
import { strings } from '../strings.ts';

interface Place {
  to: '/board' | '/work-orders' | '/tickets' | '/customers';
  name: string;
  icon: ReactNode;
}

/** Where everybody goes all day. Notifications are beside them: they have a count. */
export const places: readonly Place[] = [
  { to: '/board', name: strings.shell.board, icon: <BoardIcon /> },
  { to: '/work-orders', name: strings.shell.workOrders, icon: <WrenchIcon /> },
  { to: '/tickets', name: strings.shell.tickets, icon: <TicketIcon /> },
  { to: '/customers', name: strings.shell.customers, icon: <PersonIcon /> },
];
