-- migrate:up

-- What Meta says about an account beside its messages (facts §2.4), and what our own detectors find.
create table account_event (
    id bigint generated always as identity primary key,
    source text not null check (source in ('meta', 'majlis')),
    channel text not null,
    -- As Meta names it: phone number, WhatsApp business account, page or Instagram account.
    account_id text not null,
    -- The inboxes it concerns, and their sectors: who may read it.
    inbox_ids text[] not null,
    sector_ids text[] not null,
    field text not null,
    event text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    data jsonb not null default '{}',
    at timestamptz not null,
    recorded_at timestamptz not null default now(),
    -- Of a state that a detector found: when it was over. Null while it lasts, and for what merely happened.
    ended_at timestamptz
);
create index account_event_newest on account_event (id desc) where severity <> 'info';
-- A detector tells of a state once, for as long as it lasts.
create unique index account_event_lasting on account_event (account_id, field, event)
    where source = 'majlis' and ended_at is null;

-- How each inbox stands at Meta, as last asked, and when it last heard from there.
create table inbox_health (
    inbox_id text primary key references inbox,
    run_at timestamptz not null default now(),
    checked_at timestamptz,
    heard_at timestamptz,
    -- {"state": "subscribed" | "restored" | "missing" | "unknown", "problem": …, "restored_at": …}
    subscription jsonb not null default '{}',
    -- {"state": "valid" | "invalid" | "missing" | "unknown", "expires_at": …, "scopes": […], "problem": …}
    token jsonb not null default '{}',
    -- As Meta gives it: quality_rating, throughput, status, name_status, …
    number jsonb not null default '{}'
);
insert into inbox_health (inbox_id) select id from inbox where active;

-- Sends that Meta accepted are looked at again for a status.
create index outbox_accepted on outbox (finished_at) where state = 'accepted';
