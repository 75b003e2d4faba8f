-- Shops and their staff. Columns ending in _key are folded for comparing and sorting (src/search.rs).

create table shops (
    id integer primary key autoincrement,
    name text not null,
    created_at bigint not null
);

create table users (
    id integer primary key autoincrement,
    shop_id bigint not null references shops (id),
    name text not null,
    name_key text not null,
    email text not null,
    email_key text not null unique,
    role text not null check (role in ('admin', 'manager', 'technician', 'front_desk')),
    password_hash text not null,
    is_active boolean not null,
    last_seen bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null check (version >= 1),
    -- What belongs to one shop can only name people of that shop.
    unique (shop_id, id)
);

create index users_by_name on users (shop_id, name_key, id);
create index users_by_role on users (shop_id, role, name_key, id);

-- One login on one device: every refresh token that came of it.
create table token_families (
    id text primary key not null,
    user_id bigint not null references users (id),
    created_at bigint not null,
    revoked_at bigint
);

create index token_families_of_user on token_families (user_id);

-- Only the hash of a token is kept, as lower-case hexadecimal.
create table refresh_tokens (
    hash text primary key not null check (length(hash) = 64),
    family_id text not null references token_families (id),
    expires_at bigint not null,
    spent_at bigint
);

create index refresh_tokens_of_family on refresh_tokens (family_id);
