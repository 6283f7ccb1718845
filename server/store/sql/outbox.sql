-- name: add
insert into outbox (conversation_id, sector_id, bots, inbox_id, recipient, message_id, seq, purpose, opening, payload)
select n.conversation_id, n.sector_id, n.bots, n.inbox_id, jsonb_build_object('kind', i.kind, 'value', i.value),
    n.message_id, n.seq, n.purpose, n.opening, n.payload
from unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::text[], $9::integer[], $10::jsonb[])
    with ordinality as n (conversation_id, sector_id, bots, inbox_id, identity_id, message_id, seq, purpose, opening,
        payload, place)
join identity i on i.id = n.identity_id
order by n.place

-- name: claim
-- Only for inboxes whose sending lease this worker holds: a taker waits for our commit (for share), so an inbox never has
-- two senders. Head of line: the oldest unfinished row of a conversation goes alone; an uncertain one holds for its time.
with held as (
    select i.id, i.token_set_at
    from unnest($1::text[], $2::bigint[]) as n (inbox_id, epoch)
    join lease l on l.name = 'outbox:' || n.inbox_id and l.epoch = n.epoch and l.expires_at > now()
    join inbox i on i.id = n.inbox_id and i.paused_at is null
    for share of l
), due as (
    -- Each inbox's rows by its own part of the index: what waits for a paused inbox is not even looked at.
    select o.id, held.token_set_at
    from held
    cross join lateral (
        select o.id, o.run_at
        from outbox o
        where o.inbox_id = held.id and o.state = 'queued' and o.run_at <= now()
          and not exists (
              select 1 from outbox p
              where p.conversation_id = o.conversation_id and p.seq < o.seq
                and p.state in ('queued', 'sending', 'uncertain')
                and (p.state <> 'uncertain' or p.holds_until > now()))
        order by o.run_at, o.id
        limit $3
        for update of o skip locked
    ) o
    order by o.run_at, o.id
    limit $3
)
update outbox o
set state = 'sending', attempts = o.attempts + 1, sending_at = now(), failure = null,
    lease_expires_at = now() + make_interval(secs => $4)
from due, conversation c
where o.id = due.id and c.id = o.conversation_id
returning o.id, o.local_id::text, o.conversation_id, o.inbox_id, o.message_id, o.bots, o.purpose, o.recipient,
    o.payload, o.attempts, o.created_at, now() as claimed_at, c.last_inbound_at, due.token_set_at

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
update outbox o
set state = 'failed', failure = n.failure, finished_at = now(), lease_expires_at = null, holds_until = null
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

-- name: name_messages
-- Not where another row has the id already: an echo that was taken for somebody else's.
update message as m
set provider_id = n.provider_id
from unnest($1::bigint[], $2::text[]) as n (id, provider_id)
where m.id = n.id and m.provider_id is null
  and not exists (select 1 from message x where x.inbox_id = m.inbox_id and x.provider_id = n.provider_id)

-- name: last_attempt
select id, state, purpose from outbox where message_id = $1 order by seq desc limit 1 for update

-- name: close
-- A person decided: the attempts so far end here, also one that waits; not one whose call is out.
update outbox
set state = 'failed', finished_at = now(), holds_until = null, failure = coalesce(failure, $2)
where message_id = $1 and state in ('queued', 'uncertain')

-- name: try_again
-- A new attempt under a new local id, after everything said so far.
insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient, payload)
select o.conversation_id, o.sector_id, o.bots, o.inbox_id, o.message_id, $2, o.purpose, o.opening, o.recipient, o.payload
from outbox o
where o.id = $1

-- name: reset_message
update message
set status = $2, status_at = now(), failure = null, provider_id = null, provider_at = now()
where id = $1

-- name: mark_message
update message set status = $2, status_at = now() where id = $1
