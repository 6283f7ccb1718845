-- migrate:up

-- Meta's window beside the customer's own messages: what else opened it, and how the customer came.
-- Written by statements of their own (`store.windows`), never by a unit's saving of the conversation.
alter table conversation
    -- The newest thing that opens the window and asks for no answer, such as a reaction.
    add column touched_at timestamptz,
    -- The newest entry from an advertisement or a page's button: an answer within a day begins the free entry.
    add column ad_entry_at timestamptz,
    add column free_entry_until timestamptz;

alter table inbox
    -- A pause that ends by itself; null when a person has to end it.
    add column resumes_at timestamptz;

alter table outbox
    add column tag text check (tag in ('HUMAN_AGENT')),
    -- Of a template, as Meta sorted it: marketing, utility, authentication.
    add column category text;
-- What a sender that takes over must know to keep Meta's pace.
create index outbox_recent on outbox (inbox_id, sending_at) where sending_at is not null;

alter table message
    -- As Meta told it, and the parts we count by; a word nobody knows yet is kept as it is.
    add column pricing jsonb,
    add column pricing_category text,
    add column pricing_type text,
    add column billable boolean,
    add column delivered_at timestamptz;
create index message_priced on message (inbox_id, delivered_at) where pricing_category is not null;

alter table parked_status
    add column body jsonb not null default '{}';

-- What a customer does not want from an inbox. A 'resume' stays as a row, so that older news cannot undo it.
create table suppression (
    contact_id bigint not null references contact,
    inbox_id text not null references inbox,
    category text not null,
    value text not null check (value in ('stop', 'resume')),
    -- By the customer's own word, or by Meta's refusal.
    source text not null check (source in ('preference', 'refusal')),
    code integer,
    at timestamptz not null,
    -- A hold of Meta's ends by itself.
    until timestamptz,
    primary key (contact_id, inbox_id, category)
);

create or replace view conversation_summary as
select c.id, c.version, c.sector_id, c.inbox_id, x.channel, c.state, c.priority, c.queue_id,
    c.owner_id, o.name as owner_name,
    c.contact_id,
    coalesce(
        nullif(i.name, ''), i.username, case when i.kind = 'phone' then '+' || ltrim(i.value, '+') end,
        case x.channel when 'whatsapp' then 'WhatsApp' else initcap(x.channel) end || ' · ' || right(i.value, 4)
    ) as contact_name,
    i.username as contact_username,
    c.language,
    coalesce(w.id, m.id) as last_id, coalesce(w.author, m.author) as last_author, coalesce(w.kind, m.kind) as last_kind,
    left(coalesce(w.text, m.text), 160) as last_text, coalesce(w.provider_at, m.provider_at) as last_at,
    case when w.id is null then m.status end as last_status,
    c.unread, c.waiting_since, c.opened_at, c.last_message_at, c.last_inbound_at, c.resolved_at,
    t.target as timer_target, t.state as timer_state, t.due_at as timer_due_at, t.warn_at as timer_warn_at,
    t.breached_at as timer_breached_at,
    greatest(c.last_inbound_at, c.touched_at) as window_opened_at, c.free_entry_until
from conversation c
join inbox x on x.id = c.inbox_id
join identity i on i.id = c.identity_id
left join "user" o on o.id = c.owner_id
left join message m on m.id = c.last_message_id
left join lateral (
    select said.id, said.author, said.kind, said.text, said.provider_at
    from message said
    where m.author in ('bot', 'system') and (c.state = 'bot' or c.waiting_since is not null)
        and said.conversation_id = c.id and said.direction = 'inbound'
    order by said.provider_at desc, said.id desc
    limit 1
) w on true
-- The next thing to expire among the timers at work (the predicate of index sla_timer_at_work).
left join lateral (
    select target, state, due_at, warn_at, breached_at
    from sla_timer
    where conversation_id = c.id
        and (state in ('running', 'paused') or (state = 'breached' and met_at is null))
    order by due_at nulls last, id
    limit 1
) t on true;
