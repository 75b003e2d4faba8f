-- Sockets that can be recovered: what a client that comes back with its private id was and had open.

create table sessions (
    pid text primary key not null,
    sid text not null,
    shop_id bigint not null,
    user_id bigint not null,
    role text not null check (role in ('admin', 'manager', 'technician', 'front_desk')),
    -- The place in the journal where it began: no offset of it lies before.
    since bigint not null check (since >= 0),
    epoch text not null,
    -- The names of its rooms, as a JSON array.
    rooms text not null,
    -- When its socket went away; null while it is open.
    left_at bigint,
    foreign key (shop_id, user_id) references users (shop_id, id)
);

create index sessions_by_leaving on sessions (left_at);

-- The start of the machine in which sessions were written last, or 'clean' after an orderly end: they are not flushed one by
-- one, so what another start left behind may be out of date.
create table boot (
    id bigint primary key not null check (id = 1),
    boot_id text not null
);
