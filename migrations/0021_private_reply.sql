-- migrate:up

-- A public comment opens no window to its author: it may be answered in private, once, within seven days.
alter table conversation
    -- The customer's newest comment, by Meta's id, and its time. Written as `touched_at` is.
    add column comment_id text,
    add column commented_at timestamptz;

alter table outbox
    -- The comment this row answers in private; taken off when it surely was not sent.
    add column comment_id text;
create unique index outbox_private_reply on outbox (inbox_id, comment_id) where comment_id is not null;

update conversation c
set comment_id = m.provider_id, commented_at = m.provider_at
from (
    select distinct on (conversation_id) conversation_id, provider_id, provider_at
    from message
    where kind = 'comment' and direction = 'inbound' and provider_id is not null
    order by conversation_id, provider_at desc, id desc
) m
where c.id = m.conversation_id;

-- What the customer last said no longer counts where it was a comment, or only the opening of the chat.
update conversation c
set last_inbound_at = (
    select max(m.provider_at)
    from message m
    where m.conversation_id = c.id and m.direction = 'inbound'
        and m.kind not in ('comment', 'welcome', 'reaction', 'edit', 'revoke', 'system', 'optin', 'handover',
            'account_linking', 'response_feedback', 'call_ended')
)
where c.id in (select conversation_id from message where kind in ('comment', 'welcome') and direction = 'inbound');

-- As before; with the comment, and whether its one private reply was given.
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
    greatest(c.last_inbound_at, c.touched_at) as window_opened_at, c.free_entry_until,
    case when c.comment_id is not null then jsonb_build_object(
        'id', c.comment_id, 'at', c.commented_at,
        'answered', exists (select from outbox o where o.inbox_id = c.inbox_id and o.comment_id = c.comment_id)
    ) end as comment
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
        and not (said.revoked_at is not null and said.body ? 'applied')
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
