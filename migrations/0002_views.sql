-- migrate:up

-- What a list row, an offer and a push show of a conversation: defined once, so that a snapshot and the events after
-- it can never disagree. The contact is named as this conversation's own identity names them: another sector's
-- knowledge of the same person stays there. Somebody without a name is told from others by channel and the end of their
-- identifier. While no person has answered, the row shows the customer's last words, not our bot's.
create view conversation_summary as
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
    t.breached_at as timer_breached_at
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

create view message_detail as
select m.id, m.conversation_id, m.sector_id, x.channel, m.direction, m.author, a.name as author_name, m.kind, m.text,
    m.body, m.provider_at as at, m.status, m.status_at, m.failure,
    q.id as quoted_id, left(q.text, 160) as quoted_text, q.author as quoted_author,
    f.source as referral_source, f.source_id as referral_source_id, f.headline as referral_headline,
    f.body as referral_body
from message m
join inbox x on x.id = m.inbox_id
left join "user" a on a.id = m.author_id
-- Only within the conversation: a quoted message of another one stays behind its own wall.
left join message q
    on q.inbox_id = m.inbox_id and q.provider_id = m.body ->> 'reply_to' and q.conversation_id = m.conversation_id
left join referral f on f.conversation_id = m.conversation_id and f.message_id = m.id;
