-- The shop's append-only list of durable events, numbered without holes, and its end, which every write locks first.

create table journal_head (
    shop_id bigint primary key not null references shops (id),
    head bigint not null check (head >= 0),
    epoch text not null
);

create table journal (
    shop_id bigint not null references shops (id),
    seq bigint not null check (seq >= 1),
    event text not null,
    payload text not null,
    audience text not null,
    -- The order whose technician of now narrows the audience.
    work_order_id bigint,
    at bigint not null,
    primary key (shop_id, seq),
    foreign key (shop_id, work_order_id) references work_orders (shop_id, id)
);
