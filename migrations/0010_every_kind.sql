-- migrate:up
-- What a customer changed after saying it.
alter table message add column edited_at timestamptz;
-- Taken back: readers see that something was here, and nothing of it.
alter table message add column revoked_at timestamptz;

create table message_edit (
    message_id bigint not null references message,
    edited_at timestamptz not null,
    -- What it said before.
    text text not null,
    primary key (message_id, edited_at)
);

create table reaction (
    message_id bigint not null references message,
    by text not null check (by in ('customer', 'business')),
    emoji text not null,
    user_id bigint references "user",
    at timestamptz not null,
    primary key (message_id, by)
);

create table attachment (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    sector_id text not null,
    inbox_id text not null references inbox,
    -- None while it is uploaded and not yet sent.
    message_id bigint references message,
    place integer not null default 0,
    kind text not null check (kind in ('image', 'video', 'audio', 'document', 'sticker')),
    state text not null default 'waiting' check (state in ('waiting', 'fetching', 'stored', 'failed')),
    -- As Meta told it: where to fetch it (ids live 7 days, addresses minutes), and what it should be.
    media_id text,
    url text,
    sha256 text,
    mime_type text,
    name text,
    voice boolean not null default false,
    animated boolean not null default false,
    -- What we have.
    storage_key text,
    thumbnail_key text,
    size bigint,
    digest bytea,
    width integer,
    height integer,
    duration_seconds double precision,
    -- Why it is not here, one word (domain.media.Trouble).
    reason text,
    attempts integer not null default 0,
    run_at timestamptz not null default now(),
    lease_expires_at timestamptz,
    uploaded_by bigint references "user",
    created_at timestamptz not null default now(),
    stored_at timestamptz
);
create index attachment_message on attachment (message_id);
create index attachment_due on attachment (run_at) where state in ('waiting', 'fetching');

-- As before, with how others can refer to it, what became of it, its files and the signs on it.
create or replace view message_detail as
select m.id, m.conversation_id, m.sector_id, x.channel, m.direction, m.author, a.name as author_name, m.kind, m.text,
    m.body, m.provider_at as at, m.status, m.status_at, m.failure,
    q.id as quoted_id, left(q.text, 160) as quoted_text, q.author as quoted_author,
    f.source as referral_source, f.source_id as referral_source_id, f.headline as referral_headline,
    f.body as referral_body,
    m.provider_id, m.edited_at, m.revoked_at, q.kind as quoted_kind,
    case when m.revoked_at is null then (
        select jsonb_agg(
            jsonb_build_object(
                'id', t.id, 'kind', t.kind, 'state', t.state, 'reason', t.reason, 'mime_type', t.mime_type,
                'name', t.name, 'size', t.size, 'width', t.width, 'height', t.height,
                'duration_seconds', t.duration_seconds, 'voice', t.voice, 'animated', t.animated,
                'thumbnail', t.thumbnail_key is not null
            ) order by t.place, t.id)
        from attachment t
        where t.message_id = m.id
    ) end as attachments,
    (
        select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'by', r.by) order by r.by, r.at)
        from reaction r
        where r.message_id = m.id and r.emoji <> '' and m.revoked_at is null
    ) as reactions
from message m
join inbox x on x.id = m.inbox_id
left join "user" a on a.id = m.author_id
-- Only within the conversation: a quoted message of another one stays behind its own wall.
left join message q
    on q.inbox_id = m.inbox_id and q.provider_id = m.body ->> 'reply_to' and q.conversation_id = m.conversation_id
left join referral f on f.conversation_id = m.conversation_id and f.message_id = m.id;

-- Meta promises no order: what came before the message it is about waits here for an hour.
create table early_change (
    -- The line it is shown as meanwhile.
    message_id bigint primary key references message,
    inbox_id text not null references inbox,
    about text not null,
    contact_id bigint not null references contact,
    by text not null check (by in ('customer', 'business')),
    kind text not null,
    text text not null,
    body jsonb not null,
    at timestamptz not null,
    kept_at timestamptz not null default now()
);
create index early_change_about on early_change (inbox_id, about);
