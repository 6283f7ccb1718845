-- name: put
-- Under the conversations' locks. Skills come as JSON because `unnest` would flatten an array of arrays.
insert into waiting (conversation_id, sector_id, queue_id, priority, rank, entered_at, skills)
select n.conversation_id, n.sector_id, n.queue_id, n.priority, n.rank, n.entered_at,
    array(select jsonb_array_elements_text(n.skills::jsonb))
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
    as n (conversation_id, sector_id, queue_id, priority, rank, entered_at, skills)
order by n.conversation_id
on conflict (conversation_id) do update
set queue_id = excluded.queue_id, priority = excluded.priority, rank = excluded.rank,
    entered_at = excluded.entered_at, skills = excluded.skills

-- name: take
-- In id order, as every lock of several rows is taken; a re-rank may be walking through the same queue.
with held as materialized (
    select conversation_id from waiting where conversation_id = any($1::bigint[]) order by conversation_id for update
)
delete from waiting as w
using held
where w.conversation_id = held.conversation_id
returning w.conversation_id, w.sector_id, w.queue_id, w.priority, w.rank, w.entered_at, w.skills

-- name: find
select conversation_id, sector_id, queue_id, priority, rank, entered_at, skills
from waiting
where conversation_id = any($1::bigint[])

-- name: take_turns
-- Held until the transaction ends, and let go by the server when its process dies.
select pg_advisory_xact_lock(7305814002)

-- name: heads
-- The next rows in strict order over several queues, after the last one seen. Each queue is read along its index only
-- as far as needed, and only what somebody with a free place ($2 and $3: sector and skills of each kind of advisor)
-- could take: a head nobody can serve holds up nobody behind it.
with able as materialized (
    select n.sector_id, array(select jsonb_array_elements_text(n.skills::jsonb)) as skills
    from unnest($2::text[], $3::text[]) as n (sector_id, skills)
)
select head.*
from unnest($1::text[]) as q (id)
cross join lateral (
    select w.conversation_id, w.sector_id, w.queue_id, w.priority, w.rank, w.entered_at, w.skills
    from waiting w
    where w.queue_id = q.id
      and (w.rank, w.conversation_id) > ($4::timestamptz, $5::bigint)
      -- Not `exists`: as a join it would be taken for so selective that the whole queue is read and sorted.
      and (select bool_or(w.skills <@ a.skills) from able a where a.sector_id = w.sector_id)
    order by w.rank, w.conversation_id
    -- A literal, at least as much as ever asked for: a plan for any $6 would read and sort the whole queue.
    limit 100
) as head
order by head.rank, head.conversation_id
limit $6

-- name: move
-- A new priority or queue moves the row to its new place; its age stays.
update waiting as w
set queue_id = n.queue_id, priority = n.priority, rank = n.rank
from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) as n (conversation_id, queue_id, priority, rank)
where w.conversation_id = n.conversation_id

-- name: last_places
-- Where each conversation waited last since it was opened or reopened: the log knows it even when it went from the
-- queue without an offer.
select conversation_id, data
from (
    select distinct on (conversation_id) conversation_id, kind, data
    from event
    where conversation_id = any($1::bigint[]) and kind in ('ConversationQueued', 'ConversationReopened')
    order by conversation_id, id desc
) as last
where kind = 'ConversationQueued'
