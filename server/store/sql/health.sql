-- name: heard
-- Not for every batch: ten seconds are exact enough, and a row that is not written is not waited for.
update inbox_health set heard_at = now()
where inbox_id = any($1::text[]) and (heard_at is null or heard_at < now() - interval '10 seconds')

-- name: claim
-- The inboxes it is time to ask Meta about; pushed ahead at once, so that nobody else asks meanwhile.
with named as (
    insert into inbox_health (inbox_id) select id from inbox where active on conflict do nothing returning inbox_id
), due as (
    select h.inbox_id from inbox_health h
    join inbox x on x.id = h.inbox_id and x.active
    where h.run_at <= now()
    order by h.run_at
    limit $1
    for update of h skip locked
)
update inbox_health h set run_at = now() + make_interval(secs => $2)
from due where h.inbox_id = due.inbox_id
returning h.inbox_id

-- name: next_due
select extract(epoch from min(h.run_at) - now())::float8
from inbox_health h join inbox x on x.id = h.inbox_id and x.active

-- name: keep
-- What could not be asked keeps its last answer.
insert into inbox_health as h (inbox_id, checked_at, run_at, subscription, token, number)
values ($1, now(), now() + make_interval(secs => $2), coalesce($3::jsonb, '{}'), coalesce($4::jsonb, '{}'),
    coalesce($5::jsonb, '{}'))
on conflict (inbox_id) do update
set checked_at = excluded.checked_at, run_at = excluded.run_at, subscription = coalesce($3::jsonb, h.subscription),
    token = coalesce($4::jsonb, h.token), number = coalesce($5::jsonb, h.number)

-- name: hasten
insert into inbox_health (inbox_id) select id from inbox where id = $1 and active
on conflict (inbox_id) do update set run_at = now()
returning inbox_id

-- name: look_soon
-- News come in bursts; Meta is not asked about each.
update inbox_health set run_at = least(run_at, greatest(now(), checked_at + interval '1 minute'))
where inbox_id = any($1::text[])

-- name: strays
-- Statuses of messages we do not know, after the time in which a message may still be given its id.
select inbox_id, count(*) as count from parked_status
where parked_at < now() - make_interval(secs => $1) and parked_at > now() - interval '1 day'
    and provider_id not like 'contact:%'
group by inbox_id

-- name: unconfirmed
-- WhatsApp reports every message it takes as sent; the others report only what was delivered, whenever that is.
select o.inbox_id, count(*) as count
from outbox o
join inbox x on x.id = o.inbox_id and x.channel = 'whatsapp'
join message m on m.id = o.message_id and m.status = 'accepted'
where o.state = 'accepted' and o.finished_at < now() - make_interval(secs => $1)
    and o.finished_at > now() - interval '1 day'
group by o.inbox_id

-- name: last_heard
select h.inbox_id, h.heard_at from inbox_health h join inbox x on x.id = h.inbox_id and x.active

-- name: standing
-- One row for each of the reader's inboxes: what the health page shows of it.
select x.id, x.sector_id, x.channel, x.external_id, x.definition ->> 'account_id' as account_id,
    x.token is not null as has_token, x.token_set_at, x.paused_at, x.paused_reason, x.resumes_at,
    h.checked_at, h.heard_at, coalesce(h.subscription, '{}') as subscription, coalesce(h.token, '{}') as token_state,
    coalesce(h.number, '{}') as number,
    (select count(*) from quarantine q where q.inbox_id = x.id and q.replayed_at is null) as quarantined,
    (select count(*) from outbox o where o.inbox_id = x.id and o.state = 'uncertain'
        and exists (select from message m where m.id = o.message_id and m.status = 'uncertain')) as uncertain,
    (select count(*) from outbox o where o.inbox_id = x.id and o.state = 'queued') as queued
from inbox x
left join inbox_health h on h.inbox_id = x.id
where x.active and x.sector_id = any($1::text[])
order by x.sector_id, x.channel, x.id

-- name: quarantined_nowhere
-- Set aside and of no known inbox.
select count(*) from quarantine where inbox_id is null and replayed_at is null

-- name: sending_news
-- The newest pauses, alarms and resumptions of each of these inboxes, from its own stream.
select e.id, e.kind, e.at, e.data, n.inbox_id
from unnest($1::text[]) as n (inbox_id)
cross join lateral (
    select id, kind, at, data from event
    where stream = 'inbox:' || n.inbox_id and kind in ('SendingPaused', 'SendingResumed', 'SendingAlarmed')
    order by version desc
    limit 10
) e
order by e.id desc
