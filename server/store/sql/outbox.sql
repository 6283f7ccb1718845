-- name: add
insert into outbox (conversation_id, sector_id, bots, inbox_id, recipient, message_id, seq, purpose, opening, payload,
    tag, category, comment_id)
select n.conversation_id, n.sector_id, n.bots, n.inbox_id, jsonb_build_object('kind', i.kind, 'value', i.value),
    n.message_id, n.seq, n.purpose, n.opening, n.payload, n.tag, n.category, n.comment_id
from unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::text[], $9::integer[], $10::jsonb[], $11::text[], $12::text[], $13::text[])
    with ordinality as n (conversation_id, sector_id, bots, inbox_id, identity_id, message_id, seq, purpose, opening,
        payload, tag, category, comment_id, place)
join identity i on i.id = n.identity_id
order by n.place

-- name: claim
-- Only for inboxes whose sending lease this worker holds: a taker waits for our commit (for share), so an inbox never has
-- two senders. Head of line: the oldest unfinished row of a conversation goes alone; an uncertain one holds for its time.
-- Of each inbox as many as its pace allows.
with held as (
    select i.id, i.token_set_at, n.most
    from unnest($1::text[], $2::bigint[], $3::integer[]) as n (inbox_id, epoch, most)
    join lease l on l.name = 'outbox:' || n.inbox_id and l.epoch = n.epoch and l.expires_at > now()
    join inbox i on i.id = n.inbox_id and i.paused_at is null
    for share of l
), due as (
    -- Each inbox's rows by its own part of the index: what waits for a paused inbox is not even looked at.
    select o.id, o.conversation_id, o.seq, held.token_set_at
    from held
    cross join lateral (
        select o.id, o.conversation_id, o.seq, o.run_at
        from outbox o
        where o.inbox_id = held.id and o.state = 'queued' and o.run_at <= now()
          and not exists (
              select 1 from outbox p
              where p.conversation_id = o.conversation_id and p.seq < o.seq
                and p.state in ('queued', 'sending', 'uncertain')
                and (p.state <> 'uncertain' or p.holds_until > now()))
          -- Its file goes to Meta first (workers.media).
          and not exists (select from attachment a where a.message_id = o.message_id and a.upload in ('due', 'uploading'))
        order by o.run_at, o.id
        limit held.most
        for update of o skip locked
    ) o
    order by o.run_at, o.id
    limit $4
), following as (
    -- Fair between conversations: what this one says next stands behind everybody who waits by now.
    select n.id
    from due
    cross join lateral (
        select x.id
        from outbox x
        where x.conversation_id = due.conversation_id and x.seq > due.seq and x.state = 'queued' and x.run_at < now()
        order by x.seq
        limit 1
        for update skip locked
    ) n
), stepping_back as (
    update outbox o set run_at = now() from following where o.id = following.id
)
update outbox o
set state = 'sending', attempts = o.attempts + 1, sending_at = now(), failure = null,
    lease_expires_at = now() + make_interval(secs => $5)
from due, conversation c
where o.id = due.id and c.id = o.conversation_id
returning o.id, o.local_id::text, o.conversation_id, o.inbox_id, o.message_id, o.bots, o.purpose, o.recipient,
    o.payload, o.category, o.attempts, o.created_at, now() as claimed_at, c.contact_id, due.token_set_at,
    greatest(c.last_inbound_at, c.touched_at) as window_opened_at, c.free_entry_until, c.ad_entry_at,
    case when o.comment_id is not null then jsonb_build_object(
        'id', o.comment_id,
        'at', (select m.provider_at from message m where m.inbox_id = o.inbox_id and m.provider_id = o.comment_id)
    ) end as comment,
    case when o.payload ->> 'kind' = 'template' then array(
        select jsonb_build_object('category', s.category, 'until', s.until)
        from suppression s
        where s.contact_id = c.contact_id and s.inbox_id = o.inbox_id and s.value = 'stop'
          and (s.until is null or s.until > now())
    ) else '{}'::jsonb[] end as suppressions

-- name: hold_back
-- Claimed, but its customer's pace, or its kind's, has nothing left: as if it had not been touched.
update outbox o
set state = 'queued', attempts = o.attempts - 1, run_at = now() + make_interval(secs => n.wait),
    lease_expires_at = null, sending_at = null
from unnest($1::bigint[], $2::integer[], $3::float8[]) as n (id, attempts, wait)
where o.id = n.id and o.attempts = n.attempts and o.state = 'sending'

-- name: recent
-- What was sent for these inboxes lately, whoever sent it, the oldest first; with the seconds since.
select inbox_id, recipient ->> 'value' as recipient, extract(epoch from now() - sending_at)::float8 as ago
from outbox
where inbox_id = any($1::text[]) and sending_at > now() - make_interval(secs => $2)
order by sending_at

-- name: inbound_since
-- How many messages came in for each inbox after this message id; the newest id under ''.
select m.inbox_id, count(*) filter (where m.direction = 'inbound')::integer as count
from message m
where m.id > $1
group by m.inbox_id
union all
select '', coalesce(max(id), 0)::bigint from message

-- name: accept
-- Also when the row was given up as uncertain meanwhile, for the news is good and final; and when a status or an echo
-- was faster than the answer, so that what follows an acceptance is done in either order.
update outbox o
set state = 'accepted', provider_id = coalesce(o.provider_id, n.provider_id), finished_at = now(),
    lease_expires_at = null, holds_until = null
from unnest($1::bigint[], $2::integer[], $3::text[]) as n (id, attempts, provider_id)
where o.id = n.id and o.attempts = n.attempts and o.state in ('sending', 'uncertain', 'accepted')
returning o.id

-- name: requeue
-- An uncertain row only while it still holds its conversation: afterwards later ones may have gone.
update outbox o
set state = 'queued', run_at = now() + make_interval(secs => n.wait), failure = n.failure, lease_expires_at = null,
    holds_until = null
from unnest($1::bigint[], $2::integer[], $3::float8[], $4::jsonb[]) as n (id, attempts, wait, failure)
where o.id = n.id and o.attempts = n.attempts
  and (o.state = 'sending' or (o.state = 'uncertain' and o.holds_until > now()))
returning o.id

-- name: fail
-- Surely not sent: what it was to answer in private may be answered by another, unless Meta says that nothing may.
update outbox o
set state = 'failed', failure = n.failure, finished_at = now(), lease_expires_at = null, holds_until = null,
    comment_id = case when n.failure ->> 'subcode' = '2534025' then o.comment_id end
from unnest($1::bigint[], $2::integer[], $3::jsonb[]) as n (id, attempts, failure)
where o.id = n.id and o.attempts = n.attempts and o.state in ('sending', 'uncertain')
returning o.id

-- name: doubt
update outbox o
set state = 'uncertain', failure = n.failure, lease_expires_at = null,
    holds_until = now() + make_interval(secs => $4)
from unnest($1::bigint[], $2::integer[], $3::jsonb[]) as n (id, attempts, failure)
where o.id = n.id and o.attempts = n.attempts and o.state = 'sending'
returning o.id

-- name: expire
-- Its sender died between the claim and the record: nobody knows what became of the call.
update outbox
set state = 'uncertain', lease_expires_at = null, holds_until = now() + make_interval(secs => $1)
where state = 'sending' and lease_expires_at < now()
returning id

-- name: undecided
-- Uncertain rows whose time to be matched is over and whom no person has been shown yet.
select o.id, o.message_id, o.conversation_id
from outbox o
join message m on m.id = o.message_id
where o.state = 'uncertain' and o.holds_until <= now() and m.status in ('queued', 'sending')
order by o.id
limit 200

-- name: still_undecided
select o.message_id
from outbox o
join message m on m.id = o.message_id
where o.id = any($1::bigint[]) and o.state = 'uncertain' and m.status in ('queued', 'sending')

-- name: messages_of
select id, status, author from message where id = any($1::bigint[])
