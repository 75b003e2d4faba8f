-- Repair tickets: what customers bring in. What a row shows of other rows is its own copy: a row changes only together with
-- its version and an event.

create table tickets (
    id integer primary key autoincrement,
    shop_id bigint not null references shops (id),
    -- Of the same counter as the numbers of work orders; the order made from a ticket has the ticket's.
    number text not null,
    customer_id bigint not null,
    customer_name text not null,
    customer_phone text,
    device text not null,
    problem_description text not null,
    notes text,
    status text not null check (status in ('intake', 'converted', 'cancelled')),
    priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
    submitted_by bigint not null,
    submitted_by_name text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null check (version >= 1),
    -- What everyone may search, and what technicians may not.
    search_key text not null,
    contact_key text not null,
    unique (shop_id, number),
    unique (shop_id, id),
    foreign key (shop_id, customer_id) references customers (shop_id, id),
    foreign key (shop_id, submitted_by) references users (shop_id, id)
);

create index tickets_by_update on tickets (shop_id, updated_at desc, id desc);
create index tickets_by_status on tickets (shop_id, status, updated_at desc, id desc);
create index tickets_by_customer on tickets (shop_id, customer_id, updated_at desc, id desc);

alter table work_orders add column ticket_id bigint references tickets (id);
alter table work_orders add column customer_name text not null default '';
alter table work_orders add column customer_phone text;
alter table work_orders add column customer_email text;
alter table work_orders add column technician_name text;
alter table work_orders add column contact_key text not null default '';

-- One order is made from a ticket.
create unique index work_orders_of_ticket on work_orders (ticket_id);

update work_orders set
    customer_name = (select c.name from customers c where c.id = customer_id),
    customer_phone = (select c.phone from customers c where c.id = customer_id),
    customer_email = (select c.email from customers c where c.id = customer_id),
    technician_name = (select u.name from users u where u.id = technician_id),
    contact_key = (select c.contact_key from customers c where c.id = customer_id),
    search_key = search_key || '
' || (select c.name_key from customers c where c.id = customer_id);

create index customers_by_name on customers (shop_id, name_key, id);
