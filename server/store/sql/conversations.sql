-- name: lock
-- In id order: two units that need the same conversations never wait for each other in a circle.
select id, sector_id, bots, inbox_id, contact_id, identity_id, state, priority, queue_id, owner_id, language,
    version, outbox_seq, opening, flow_state, bot_paused_at, opened_at, waiting_since, last_inbound_at,
    last_message_id, last_message_at, unread, snoozed_until, resolved_at
from conversation
where id = any($1::bigint[])
order by id
for update

-- name: lock_free
select id, sector_id, bots, inbox_id, contact_id, identity_id, state, priority, queue_id, owner_id, language,
    version, outbox_seq, opening, flow_state, bot_paused_at, opened_at, waiting_since, last_inbound_at,
    last_message_id, last_message_at, unread, snoozed_until, resolved_at
from conversation
where id = any($1::bigint[])
order by id
for update skip locked

-- name: save
update conversation as c
set identity_id = n.identity_id, state = n.state, priority = n.priority, queue_id = n.queue_id,
    owner_id = n.owner_id, language = n.language, version = n.version, outbox_seq = n.outbox_seq,
    opening = n.opening, flow_state = n.flow_state, bot_paused_at = n.bot_paused_at,
    waiting_since = n.waiting_since, last_inbound_at = n.last_inbound_at, last_message_id = n.last_message_id,
    last_message_at = n.last_message_at, unread = n.unread, snoozed_until = n.snoozed_until,
    resolved_at = n.resolved_at
from unnest(
    $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[],
    $9::bigint[], $10::integer[], $11::jsonb[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
    $15::bigint[], $16::timestamptz[], $17::integer[], $18::timestamptz[], $19::timestamptz[]
) as n (id, identity_id, state, priority, queue_id, owner_id, language, version, outbox_seq, opening, flow_state,
    bot_paused_at, waiting_since, last_inbound_at, last_message_id, last_message_at, unread, snoozed_until,
    resolved_at)
where c.id = n.id

-- name: lock_current
-- For each person of an inbox: the unresolved conversation, else the one resolved last. In id order, as in `lock`.
with here as materialized (
    select c.id
    from unnest($1::text[], $2::bigint[]) as person (inbox_id, contact_id)
    cross join lateral (
        select id from conversation
        where contact_id = person.contact_id and inbox_id = person.inbox_id
        order by (state = 'resolved'), resolved_at desc
        limit 1
    ) c
)
select id, sector_id, bots, inbox_id, contact_id, identity_id, state, priority, queue_id, owner_id, language,
    version, outbox_seq, opening, flow_state, bot_paused_at, opened_at, waiting_since, last_inbound_at,
    last_message_id, last_message_at, unread, snoozed_until, resolved_at, id in (select id from here) as current
from conversation
where id = any(array(select id from here) || $3::bigint[])
order by id
for update of conversation

-- name: current
-- For each person of an inbox: the unresolved conversation, else the one resolved last. Not locked.
select person.inbox_id, person.contact_id, c.id
from unnest($1::text[], $2::bigint[]) as person (inbox_id, contact_id)
cross join lateral (
    select id from conversation
    where contact_id = person.contact_id and inbox_id = person.inbox_id
    order by (state = 'resolved'), resolved_at desc
    limit 1
) c

-- name: new_ids
select nextval('conversation_id_seq') from generate_series(1, $1::integer)

-- name: add
insert into conversation (id, sector_id, bots, inbox_id, contact_id, identity_id, state, priority, queue_id, owner_id,
    language, version, outbox_seq, opening, flow_state, bot_paused_at, opened_at, waiting_since, last_inbound_at,
    last_message_id, last_message_at, unread, snoozed_until, resolved_at)
overriding system value
select * from unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[], $5::bigint[], $6::bigint[], $7::text[],
    $8::text[], $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::integer[], $15::jsonb[],
    $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::bigint[],
    $21::timestamptz[], $22::integer[], $23::timestamptz[], $24::timestamptz[])
