-- Customers and the jobs done for them. Times are milliseconds since 1970, money is cents.

create table customers (
    id integer primary key autoincrement,
    shop_id bigint not null references shops (id),
    name text not null,
    phone text,
    email text,
    address text,
    notes text,
    -- What everyone may search, and what technicians may not.
    name_key text not null,
    contact_key text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null check (version >= 1),
    unique (shop_id, id)
);

-- The last number given out: 2026-0001, 2026-0002, …
create table number_counters (
    shop_id bigint not null references shops (id),
    year bigint not null,
    last bigint not null check (last >= 0),
    primary key (shop_id, year)
);

create table work_orders (
    id integer primary key autoincrement,
    shop_id bigint not null references shops (id),
    number text not null,
    customer_id bigint not null,
    device text not null,
    device_passcode text,
    description text not null,
    status text not null check (status in (
        'intake', 'diagnosing', 'quoted', 'awaiting_approval', 'pending', 'parts_ordered', 'in_progress', 'testing',
        'completed', 'ready_for_pickup', 'picked_up', 'declined', 'cancelled'
    )),
    priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
    technician_id bigint,
    estimate_total bigint check (estimate_total >= 0),
    cost_total bigint check (cost_total >= 0),
    due_at bigint,
    started_at bigint,
    completed_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null check (version >= 1),
    -- Number, device and description, to search in.
    search_key text not null,
    unique (shop_id, number),
    unique (shop_id, id),
    foreign key (shop_id, customer_id) references customers (shop_id, id),
    foreign key (shop_id, technician_id) references users (shop_id, id)
);

create index work_orders_by_update on work_orders (shop_id, updated_at desc, id desc);
create index work_orders_by_status on work_orders (shop_id, status, updated_at desc, id desc);
create index work_orders_by_technician on work_orders (shop_id, technician_id, updated_at desc, id desc);
create index work_orders_by_customer on work_orders (shop_id, customer_id, updated_at desc, id desc);
