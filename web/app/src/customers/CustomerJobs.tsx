import { useMemo } from 'react';
import { List } from '../look/List.tsx';
import { strings } from '../strings.ts';
import { TicketRow } from '../tickets/TicketRow.tsx';
import { useTicketList } from '../tickets/useTicketList.ts';
import { useWorkOrderList } from '../workOrders/useWorkOrderList.ts';
import { WorkOrderRow } from '../workOrders/WorkOrderRow.tsx';
import styles from './CustomerPage.module.css';

const words = strings.customers;

/** What this person sees of a customer's tickets and work orders, open and closed. */
export function CustomerJobs({ id }: { id: number }) {
  const filter = useMemo(() => ({ status: 'all' as const, customer: id }), [id]);
  const orders = useWorkOrderList(filter);
  const tickets = useTicketList(filter);
  return (
    <>
      <section aria-labelledby="orders">
        <h2 id="orders">{words.orders}</h2>
        <List
          list={orders}
          label={words.orders}
          words={strings.workOrders}
          empty={<p className={styles.none}>{words.noOrders}</p>}
        >
          {orders.rows.map(row => (
            <WorkOrderRow key={row.id} row={row} />
          ))}
        </List>
      </section>
      <section aria-labelledby="tickets">
        <h2 id="tickets">{words.tickets}</h2>
        <List
          list={tickets}
          label={words.tickets}
          words={strings.tickets}
          empty={<p className={styles.none}>{words.noTickets}</p>}
        >
          {tickets.rows.map(row => (
            <TicketRow key={row.id} row={row} />
          ))}
        </List>
      </section>
    </>
  );
}
