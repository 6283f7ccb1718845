-- name: add
insert into message (id, conversation_id, sector_id, inbox_id, direction, author, author_id, kind, text, body,
    provider_id, provider_at, status, status_at, edited_at, revoked_at)
overriding system value
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::text[], $9::text[], $10::jsonb[], $11::text[], $12::timestamptz[], $13::text[], $14::timestamptz[],
    $15::timestamptz[], $16::timestamptz[])

-- name: by_provider_ids
select id, conversation_id, inbox_id, provider_id, status, provider_at, author
from message
where (inbox_id, provider_id) in (select * from unnest($1::text[], $2::text[]))

-- name: unread_of_contacts
-- What a watermark moves: our messages to this person in this inbox that are not yet that far.
select m.id, m.conversation_id, m.inbox_id, m.provider_id, m.status, m.provider_at, m.author, c.contact_id
from conversation c
join message m on m.conversation_id = c.id
where (c.inbox_id, c.contact_id) in (select * from unnest($1::text[], $2::bigint[]))
  and m.direction = 'outbound'
  and m.status in ('accepted', 'sent', 'delivered')

-- name: seen_with
select m.id, m.conversation_id, m.inbox_id, m.provider_id, m.status, m.provider_at, m.author, c.contact_id,
    k.provider_id as by
from message k
join conversation at on at.id = k.conversation_id
join conversation c on c.inbox_id = at.inbox_id and c.contact_id = at.contact_id
join message m on m.conversation_id = c.id
where (k.inbox_id, k.provider_id) in (select * from unnest($1::text[], $2::text[]))
  and k.direction = 'outbound' and m.direction = 'outbound'
  and m.status in ('accepted', 'sent', 'delivered')
  and (m.provider_at, m.id) <= (k.provider_at, k.id)

-- name: move
-- `domain.delivery` is asked once more, by its places ($5, $6): who decided may have read the row before it held the
-- conversation.
update message as m
set status = n.status, status_at = n.at, failure = coalesce(n.failure, m.failure),
    delivered_at = coalesce(m.delivered_at, case when n.status in ('delivered', 'read', 'played') then n.at end)
from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::jsonb[]) as n (id, status, at, failure)
where m.id = n.id
    and ($6::integer[])[array_position($5::text[], n.status)] > ($6::integer[])[array_position($5::text[], m.status)]

-- name: recognise
-- The provider's name for a message of ours, learnt from an echo or a status before our own call returned, or from the
-- call. Not where another row has the id already, or takes it here: an echo that was taken for somebody else's.
update message as m
set provider_id = n.provider_id
from (
    select distinct on (k.inbox_id, g.provider_id) k.id, g.provider_id
    from unnest($1::bigint[], $2::text[]) as g (id, provider_id)
    join message k on k.id = g.id and k.provider_id is null
    where not exists (select from message x where x.inbox_id = k.inbox_id and x.provider_id = g.provider_id)
    order by k.inbox_id, g.provider_id, k.id
) n
where m.id = n.id

-- name: add_referrals
insert into referral (message_id, conversation_id, sector_id, source, source_id, click_id, headline, body, at)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::jsonb[], $9::timestamptz[])

-- name: park_statuses
insert into parked_status (inbox_id, provider_id, status, at, failure, body)
select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::jsonb[])

-- name: take_parked
delete from parked_status
where (inbox_id, provider_id) in (select * from unnest($1::text[], $2::text[]))
returning inbox_id, provider_id, status, at, failure, body

-- name: new_ids
select nextval('message_id_seq') from generate_series(1, $1::integer)

-- name: by_local_ids
select m.id, m.conversation_id, m.inbox_id, m.provider_id, m.status, m.provider_at, m.author, o.local_id::text
from outbox o
join message m on m.id = o.message_id
where o.local_id = any($1::uuid[])
  -- News of an earlier attempt says nothing about the one a person has made since.
  and not exists (select from outbox later where later.message_id = o.message_id and later.seq > o.seq)

-- name: settle
-- Meta told us the outcome before our own call did: the row is no longer uncertain, nor claimable.
update outbox as o
set state = 'accepted', provider_id = n.provider_id, finished_at = now(), holds_until = null
from unnest($1::uuid[], $2::text[]) as n (local_id, provider_id)
where o.local_id = n.local_id and o.state in ('sending', 'uncertain')

-- name: parked_and_known
-- The net for a status that was parked while its message's provider id was being written.
select p.inbox_id, p.provider_id, m.conversation_id
from parked_status p
join message m on m.inbox_id = p.inbox_id and m.provider_id = p.provider_id
where p.parked_at > now() - interval '1 hour'
order by p.id
limit 500

-- name: parked_watermarks
-- Each with every conversation of the person in that inbox, for a message of any of them may be meant. Worth looking at
-- when something is no longer out; kept while anything sent before it still is.
select p.id, p.inbox_id, c.contact_id, c.id as conversation_id, p.status, p.at, o.out as still_out
from parked_status p
join conversation c on c.inbox_id = p.inbox_id
    and c.contact_id = case when p.provider_id ~ '^contact:[0-9]{1,18}$' then substr(p.provider_id, 9)::bigint end
cross join lateral (
    select exists (
        select from conversation k
        join outbox s on s.conversation_id = k.id
            and (s.state = 'sending' or (s.state = 'uncertain' and s.holds_until > now()))
        join message m on m.id = s.message_id and m.provider_id is null and m.provider_at <= p.at
        where k.inbox_id = c.inbox_id and k.contact_id = c.contact_id
    ) as out
) o
where p.provider_id like 'contact:%' and p.provider_id ~ '^contact:[0-9]{1,18}$'
order by p.id
limit 500

-- name: forget_watermarks
delete from parked_status where id = any($1::bigint[])

-- name: twins
-- What an echo may be: something of ours, just being sent to the same person, whose fate we do not know yet.
select m.id, m.conversation_id, m.inbox_id, m.provider_id, m.status, m.provider_at, m.author, c.contact_id,
    o.local_id::text, o.payload as said, o.sending_at
from conversation c
join outbox o on o.conversation_id = c.id and o.state in ('sending', 'uncertain')
join message m on m.id = o.message_id and m.provider_id is null
where (c.inbox_id, c.contact_id) in (select * from unnest($1::text[], $2::bigint[]))
