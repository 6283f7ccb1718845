-- migrate:up

-- Texts Meta has approved, as its own list last gave them; between two readings its webhooks move them.
create table template (
    -- The WhatsApp business account or the Page it belongs to.
    account text not null,
    name text not null,
    language text not null,
    provider_id text not null default '',
    -- Meta's words, in lower case.
    status text not null,
    category text not null default '',
    quality text not null default 'unknown',
    -- Why it was rejected, paused or disabled, as Meta said it.
    reason text not null default '',
    components jsonb not null default '[]',
    -- When Meta last said the status: older news does not undo newer.
    status_at timestamptz not null,
    synced_at timestamptz not null,
    primary key (account, name, language)
);

-- When an account's list is read next, and what came of the last time.
create table template_sync (
    account text primary key,
    due_at timestamptz not null default now(),
    asked_at timestamptz,
    synced_at timestamptz,
    trouble text not null default ''
);

-- Read marks and typing signs on their way to the customer. Worth nothing after a crash.
create unlogged table signal (
    conversation_id bigint not null,
    kind text not null check (kind in ('read', 'typing')),
    wanted_at timestamptz not null default now(),
    primary key (conversation_id, kind)
);
