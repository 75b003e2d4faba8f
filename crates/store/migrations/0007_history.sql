-- The journal of tickets, and an order's own entries as its history.

-- The ticket whose sight of now narrows the audience.
alter table journal add column ticket_id bigint references tickets (id);

create index journal_of_work_order on journal (work_order_id, seq desc) where event = 'work_order_updated';
