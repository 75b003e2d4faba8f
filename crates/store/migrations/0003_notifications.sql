-- What each person is told. Events on one entity fold into one row while it is unread.

create table notifications (
    id integer primary key autoincrement,
    shop_id bigint not null,
    user_id bigint not null,
    type text not null check (type in (
        'work_order', 'repair_ticket', 'system', 'communication', 'info', 'success', 'warning', 'error'
    )),
    title text not null,
    message text not null,
    title_key text not null,
    message_key text not null,
    message_params text not null,
    reason text not null check (reason in ('role', 'owner', 'watching', 'mentioned', 'assigned')),
    urgency text not null check (urgency in ('quiet', 'normal', 'interrupt')),
    is_read boolean not null,
    related_entity_type text check (related_entity_type in ('work_order', 'repair_ticket')),
    related_entity_id bigint,
    event_count bigint not null check (event_count >= 1),
    created_at bigint not null,
    updated_at bigint not null,
    check ((related_entity_type is null) = (related_entity_id is null)),
    foreign key (shop_id, user_id) references users (shop_id, id)
);

create index notifications_by_update on notifications (user_id, updated_at desc, id desc);
create index notifications_by_type on notifications (user_id, type, updated_at desc, id desc);
create index notifications_unread on notifications (user_id, updated_at desc, id desc) where not is_read;
create index notifications_to_fold on notifications (user_id, related_entity_type, related_entity_id, id) where not is_read;
