-- What is written down about a work order. A note is never changed, nor is its author's name on it.

create table notes (
    id integer primary key autoincrement,
    shop_id bigint not null,
    work_order_id bigint not null,
    author_id bigint not null,
    author_name text not null,
    content text not null,
    customer_visible boolean not null,
    created_at bigint not null,
    foreign key (shop_id, work_order_id) references work_orders (shop_id, id),
    foreign key (shop_id, author_id) references users (shop_id, id)
);

create index notes_of_work_order on notes (work_order_id, created_at desc, id desc);
