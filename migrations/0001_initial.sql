-- migrate:up

-- The organisation: written only by `majlis apply`, read into memory by every process.

create table sector (
    id text primary key,
    names jsonb not null,
    bots boolean not null,
    definition jsonb not null,
    active boolean not null default true,
    unique (id, bots)
);

create table meta_app (
    id text primary key,
    definition jsonb not null,
    active boolean not null default true
);

create table calendar (
    id text primary key,
    definition jsonb not null,
    active boolean not null default true
);

create table sla_policy (
    id text primary key,
    definition jsonb not null,
    active boolean not null default true
);

create table skill (
    id text primary key,
    definition jsonb not null,
    active boolean not null default true
);

create table flow (
    id text primary key,
    definition jsonb not null,
    active boolean not null default true
);

create table queue (
    id text primary key,
    sector_id text not null references sector,
    definition jsonb not null,
    active boolean not null default true
);

create table inbox (
    id text primary key,
    sector_id text not null references sector,
    app_id text not null references meta_app,
    channel text not null check (channel in ('whatsapp', 'messenger', 'instagram')),
    external_id text not null,
    definition jsonb not null,
    active boolean not null default true,
    -- Sealed under MAJLIS_KEY; never part of the organisation folder.
    token bytea,
    token_set_at timestamptz,
    paused_at timestamptz,
    paused_reason text,
    unique (channel, external_id)
);

-- One row; the version moves with every applied change, so processes know when to read again.
-- The definition holds the names and the users as the folder last gave them: people added or
-- deactivated by command are told from those who came with the folder or left it.
create table organisation (
    id boolean primary key default true check (id),
    version bigint not null default 0,
    definition jsonb not null default '{}',
    applied_at timestamptz
);
insert into organisation default values;

create table "user" (
    id bigint generated always as identity primary key,
    email text not null unique,
    name text not null,
    role text not null check (role in ('advisor', 'supervisor', 'administrator', 'owner')),
    reads_messages boolean not null default true,
    password_hash text,
    language text not null default 'en',
    preferences jsonb not null default '{}',
    active boolean not null default true,
    created_at timestamptz not null default now()
);

create table user_sector (
    user_id bigint not null references "user",
    sector_id text not null references sector,
    primary key (user_id, sector_id)
);

create table user_skill (
    user_id bigint not null references "user",
    skill_id text not null references skill,
    primary key (user_id, skill_id)
);

-- The row whose lock guards an advisor's capacity.
create table advisor (
    user_id bigint primary key references "user",
    capacity integer not null default 4 check (capacity between 0 and 100),
    presence text not null default 'offline' check (presence in ('online', 'away', 'wrap_up', 'offline')),
    presence_since timestamptz not null default now(),
    presence_reason text,
    last_offered_at timestamptz
);

-- One lease per socket, renewed by the transport's pings.
create table presence_lease (
    socket_id text primary key,
    user_id bigint not null references "user",
    process text not null,
    expires_at timestamptz not null
);
create index presence_lease_user on presence_lease (user_id, expires_at);

create table session (
    token_hash bytea primary key,
    id bigint generated always as identity unique,
    user_id bigint not null references "user",
    csrf_token text not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    user_agent text not null default '',
    address text not null default ''
);
create index session_by_user on session (user_id);

create table sign_in_link (
    token_hash bytea primary key,
    user_id bigint not null references "user",
    expires_at timestamptz not null,
    used_at timestamptz
);

create table sign_in_attempt (
    id bigint generated always as identity primary key,
    email text not null,
    address text not null,
    at timestamptz not null default now(),
    succeeded boolean not null
);
create index sign_in_attempt_email on sign_in_attempt (email, at);
create index sign_in_attempt_address on sign_in_attempt (address, at);

-- A repeat of a console command returns the first result.
create table command (
    user_id bigint not null references "user",
    id text not null,
    at timestamptz not null default now(),
    result jsonb not null,
    primary key (user_id, id)
);
create index command_at on command (at);

-- Work that one process at a time may do. A taken-over lease has a higher epoch,
-- and every transaction of the holder checks the epoch.
create table lease (
    name text primary key,
    epoch bigint not null default 0,
    holder text not null default '',
    expires_at timestamptz not null default '-infinity',
    -- What the holder has in its hands: named before it starts, so that work which kills its process is found out.
    in_flight bigint[] not null default '{}'
);

-- Intake.

create table journal (
    id bigint generated always as identity,
    received_at timestamptz not null default now(),
    app_id text not null,
    headers jsonb not null,
    body bytea not null,
    applied_at timestamptz,
    apply_attempts smallint not null default 0,
    primary key (id, received_at)
) partition by range (received_at);
create table journal_default partition of journal default;
create index journal_unapplied on journal (id) where applied_at is null;

create table quarantine (
    id bigint generated always as identity primary key,
    journal_id bigint,
    received_at timestamptz not null,
    app_id text not null,
    sector_id text references sector,
    inbox_id text references inbox,
    path text not null,
    reason text not null,
    detail text not null default '',
    body bytea not null,
    created_at timestamptz not null default now(),
    replayed_at timestamptz
);
create index quarantine_open on quarantine (id) where replayed_at is null;

-- Outlives the journal and erasure: the database, not memory, decides what happened once.
create table inbound_key (
    inbox_id text not null references inbox,
    key text not null,
    at timestamptz not null default now(),
    primary key (inbox_id, key)
);

-- People.

create table contact (
    id bigint generated always as identity primary key,
    name text not null default '',
    language text,
    created_at timestamptz not null default now()
);

create table identity (
    id bigint generated always as identity primary key,
    contact_id bigint not null references contact,
    kind text not null check (kind in ('phone', 'whatsapp_user', 'page_user', 'instagram_user')),
    -- '' for a phone, else the portfolio, page or account within which the value means anything.
    scope text not null,
    value text not null,
    name text not null default '',
    username text,
    created_at timestamptz not null default now(),
    unique (kind, scope, value)
);
create index identity_contact on identity (contact_id);

create table contact_label (
    contact_id bigint not null references contact,
    sector_id text not null references sector,
    label text not null,
    primary key (contact_id, sector_id, label)
);

-- Talk.

create table conversation (
    id bigint generated always as identity primary key,
    sector_id text not null,
    bots boolean not null,
    inbox_id text not null references inbox,
    contact_id bigint not null references contact,
    -- Where replies go.
    identity_id bigint not null references identity,
    state text not null check (state in ('bot', 'queued', 'offered', 'assigned', 'snoozed', 'resolved')),
    priority text not null default 'normal' check (priority in ('urgent', 'high', 'normal', 'low')),
    queue_id text references queue,
    owner_id bigint references "user",
    language text not null default 'en',
    version bigint not null default 0,
    outbox_seq bigint not null default 0,
    opening integer not null default 1,
    flow_state jsonb,
    bot_paused_at timestamptz,
    opened_at timestamptz not null,
    waiting_since timestamptz,
    last_inbound_at timestamptz,
    last_message_id bigint,
    last_message_at timestamptz not null,
    unread integer not null default 0,
    snoozed_until timestamptz,
    resolved_at timestamptz,
    foreign key (sector_id, bots) references sector (id, bots) on update cascade,
    -- No bot in a sector without bots, whatever the program believes.
    check (bots or (state <> 'bot' and flow_state is null)),
    check ((state = 'assigned') = (owner_id is not null) or state in ('snoozed', 'resolved')),
    unique (id, sector_id, bots)
);
create unique index conversation_unresolved on conversation (inbox_id, contact_id) where state <> 'resolved';
create index conversation_owner on conversation (owner_id, last_message_at desc) where state in ('assigned', 'snoozed');
-- Lists walk one sector and state at a time, the newest first.
create index conversation_list on conversation (sector_id, state, last_message_at desc, id desc);
create index conversation_contact on conversation (contact_id, opened_at desc);

-- What hangs on a conversation carries copies of its sector and inbox, taken from its locked row. Where rows are many
-- nobody checks the copies again: that was a third of what the database spends on a message, and made every
-- transaction lock the same few rows of `sector` and `inbox`. The conversation's own are checked, and nothing of the
-- organisation is ever deleted.

create table message (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null,
    inbox_id text not null,
    direction text not null check (direction in ('inbound', 'outbound')),
    author text not null check (author in ('customer', 'bot', 'advisor', 'system', 'business')),
    author_id bigint references "user",
    kind text not null,
    text text not null default '',
    body jsonb not null default '{}',
    provider_id text,
    provider_at timestamptz not null,
    created_at timestamptz not null default now(),
    status text check (status in
        ('queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed', 'uncertain', 'discarded')),
    status_at timestamptz,
    failure jsonb,
    check ((direction = 'outbound') = (status is not null))
);
create unique index message_provider on message (inbox_id, provider_id) where provider_id is not null;
create index message_thread on message (conversation_id, provider_at desc, id desc);

alter table conversation
    add foreign key (last_message_id) references message (id) deferrable initially deferred;

create table referral (
    id bigint generated always as identity primary key,
    message_id bigint not null references message,
    conversation_id bigint not null references conversation,
    sector_id text not null references sector,
    source text not null,
    source_id text,
    click_id text,
    headline text,
    body jsonb not null default '{}',
    at timestamptz not null
);
create index referral_conversation on referral (conversation_id);

create table note (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null references sector,
    author_id bigint not null references "user",
    text text not null,
    created_at timestamptz not null default now()
);
create index note_conversation on note (conversation_id, created_at);

create table draft (
    user_id bigint not null references "user",
    conversation_id bigint not null references conversation,
    text text not null,
    updated_at timestamptz not null default now(),
    primary key (user_id, conversation_id)
);

-- Statuses that came before their message's provider id was known.
create table parked_status (
    id bigint generated always as identity primary key,
    inbox_id text not null references inbox,
    provider_id text not null,
    status text not null,
    at timestamptz not null,
    failure jsonb,
    parked_at timestamptz not null default now()
);
create index parked_status_provider on parked_status (inbox_id, provider_id);

-- Work.

create table waiting (
    conversation_id bigint primary key references conversation,
    sector_id text not null,
    queue_id text not null references queue,
    priority text not null,
    rank timestamptz not null,
    entered_at timestamptz not null,
    skills text[] not null default '{}'
);
create index waiting_order on waiting (queue_id, rank, conversation_id);

create table offer (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null references sector,
    queue_id text not null references queue,
    advisor_id bigint not null references advisor,
    state text not null default 'pending'
        check (state in ('pending', 'accepted', 'declined', 'expired', 'withdrawn')),
    priority text not null,
    entered_at timestamptz not null,
    skills text[] not null default '{}',
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    reason text,
    -- The why ledger: who was considered and why not.
    considered jsonb not null default '[]'
);
create unique index offer_pending on offer (conversation_id) where state = 'pending';
create index offer_advisor on offer (advisor_id, state);
create index offer_expiry on offer (expires_at) where state = 'pending';
create index offer_conversation on offer (conversation_id, decided_at);

create table assignment (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null references sector,
    advisor_id bigint not null references "user",
    offer_id bigint references offer,
    assigned_at timestamptz not null,
    ended_at timestamptz,
    end_reason text
);
create unique index assignment_open on assignment (conversation_id) where ended_at is null;
create index assignment_advisor on assignment (advisor_id, conversation_id);

create table sla_timer (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null,
    policy_id text not null,
    target text not null check (target in ('first_response', 'next_response', 'resolution')),
    state text not null check (state in ('running', 'paused', 'met', 'breached', 'cancelled')),
    priority text not null,
    target_seconds integer not null,
    started_at timestamptz not null,
    due_at timestamptz,
    warn_at timestamptz,
    remaining_seconds integer,
    warned_at timestamptz,
    met_at timestamptz,
    breached_at timestamptz,
    noticed_at timestamptz,
    check ((state = 'running') <= (due_at is not null)),
    check ((state = 'paused') <= (remaining_seconds is not null and due_at is null))
);
-- At work: still counted down, or overdue and not yet answered.
create unique index sla_timer_at_work on sla_timer (conversation_id, target)
    where state in ('running', 'paused') or (state = 'breached' and met_at is null);
create index sla_timer_conversation on sla_timer (conversation_id, target);
create index sla_timer_due on sla_timer (due_at) where state = 'running';
create index sla_timer_warn on sla_timer (warn_at) where state = 'running' and warned_at is null;

-- Out.

create table outbox (
    id bigint generated always as identity primary key,
    -- What Meta carries back to us: biz_opaque_callback_data, message.metadata.
    local_id uuid not null unique default gen_random_uuid(),
    conversation_id bigint not null,
    sector_id text not null,
    bots boolean not null,
    inbox_id text not null,
    message_id bigint not null references message,
    seq bigint not null,
    purpose text not null check (purpose in ('reply', 'bot', 'acknowledgement', 'out_of_hours')),
    opening integer not null,
    recipient jsonb not null,
    payload jsonb not null,
    state text not null default 'queued' check (state in ('queued', 'sending', 'accepted', 'failed', 'uncertain')),
    attempts integer not null default 0,
    run_at timestamptz not null default now(),
    sending_at timestamptz,
    lease_expires_at timestamptz,
    -- An uncertain row stops holding its conversation here; a person decides about it.
    holds_until timestamptz,
    provider_id text,
    failure jsonb,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    foreign key (conversation_id, sector_id, bots) references conversation (id, sector_id, bots) on update cascade,
    -- Where there are no bots the outbox takes people's replies, the acknowledgement and the notice, nothing else.
    check (bots or purpose <> 'bot'),
    unique (conversation_id, seq)
);
create unique index outbox_notice on outbox (conversation_id, opening, purpose)
    where purpose in ('acknowledgement', 'out_of_hours');
create index outbox_due on outbox (inbox_id, run_at, id) where state = 'queued';
create index outbox_head on outbox (conversation_id, seq) where state in ('queued', 'sending', 'uncertain');
create index outbox_sending on outbox (lease_expires_at) where state = 'sending';
create index outbox_uncertain on outbox (holds_until) where state = 'uncertain';
create index outbox_message on outbox (message_id);
create index outbox_provider on outbox (inbox_id, provider_id) where provider_id is not null;

-- Facts.

create table event (
    id bigint generated always as identity primary key,
    stream text not null,
    version bigint not null,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null,
    at timestamptz not null default now(),
    actor text not null,
    sector_id text,
    conversation_id bigint,
    -- A person whose own screen this concerns, beside those who may see the conversation.
    user_id bigint,
    data jsonb not null default '{}',
    unique (stream, version)
);
create index event_xid on event (xid, id);
create index event_sector on event (sector_id, id desc);
create index event_conversation on event (conversation_id, id);

-- Sector objects the bots write (reservation, catering_order, lead) come with the flows that need them.
