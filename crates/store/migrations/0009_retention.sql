-- What is kept for those who were away, and for how long.

-- Up to where the journal was pruned of what was for people alone.
alter table journal_head add column pruned_to bigint not null default 0;

create index refresh_tokens_by_expiry on refresh_tokens (expires_at);
