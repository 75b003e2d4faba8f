-- What was asked under a key, so that asking again gives the same answer and no second effect.

create table idempotency (
    user_id bigint not null references users (id),
    route text not null,
    key text not null,
    -- Of the body, as lower-case hexadecimal: another body under the same key is a mistake.
    hash text not null check (length(hash) = 64),
    at bigint not null,
    -- How it ended, as JSON; null only within the transaction.
    outcome text,
    primary key (user_id, route, key)
);

create index idempotency_by_age on idempotency (at);
