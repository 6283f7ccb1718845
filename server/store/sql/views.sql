-- name: summaries
select * from conversation_summary where id = any($1::bigint[])

-- name: held
-- What a person holds now, the newest first.
select s.*
from conversation c
join conversation_summary s on s.id = c.id
where c.owner_id = $1 and c.state in ('assigned', 'snoozed') and c.sector_id = any($2::text[])
order by c.last_message_at desc, c.id desc
limit 500

-- name: page
-- For those who read every conversation of their sectors. Each sector and state walks its own index from the cursor
-- on; the newest of all make the page.
select s.*
from (
    select p.id, p.last_message_at
    from unnest($1::text[]) as sector (id)
    cross join unnest($2::text[]) as wanted (state)
    cross join lateral (
        select c.id, c.last_message_at
        from conversation c
        where c.sector_id = sector.id and c.state = wanted.state
            and ($3::text is null or c.queue_id = $3)
            and ($4::bigint is null or c.owner_id = $4)
            and ($5::timestamptz is null or (c.last_message_at, c.id) < ($5, $6::bigint))
        order by c.last_message_at desc, c.id desc
        limit $7
    ) p
    order by p.last_message_at desc, p.id desc
    limit $7
) page
join conversation_summary s on s.id = page.id
order by page.last_message_at desc, page.id desc

-- name: page_of_advisor
-- The same for those who read only what they hold or held.
select s.*
from (
    select c.id, c.last_message_at
    from conversation c
    where (c.id in (select a.conversation_id from assignment a where a.advisor_id = $8) or c.owner_id = $8)
        and c.sector_id = any($1::text[]) and c.state = any($2::text[])
        and ($3::text is null or c.queue_id = $3)
        and ($4::bigint is null or c.owner_id = $4)
        and ($5::timestamptz is null or (c.last_message_at, c.id) < ($5, $6::bigint))
    order by c.last_message_at desc, c.id desc
    limit $7
) page
join conversation_summary s on s.id = page.id
order by page.last_message_at desc, page.id desc

-- name: readable
-- Whether this person may read the conversation; the same rule as `page`.
select c.id
from conversation c
where c.id = $1 and c.sector_id = any($2::text[])
    and ($4 or c.owner_id = $3
        or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3))

-- name: thread
-- The newest messages, or those before a message of the same conversation.
select *
from message_detail
where conversation_id = $1
    -- A reaction of ours stands on the message it was put on; by itself it is seen only when it did not arrive.
    and not (kind = 'reaction' and direction = 'outbound' and status not in ('failed', 'uncertain'))
    -- A change that came before its message, and took effect on it since.
    and not (revoked_at is not null and body ? 'applied')
    and ($2::bigint is null
        or (at, id) < (select provider_at, id from message where id = $2 and conversation_id = $1))
order by at desc, id desc
limit $3

-- name: message
select * from message_detail where id = $1

-- name: last_referral
-- The newest of the conversation, however long ago; within its own sector.
select d.*
from message_detail d
where d.id = (
    select f.message_id
    from referral f
    join conversation c on c.id = f.conversation_id and c.sector_id = f.sector_id
    where f.conversation_id = $1
    order by f.at desc, f.id desc
    limit 1)
limit 1

-- name: notes
select n.id, n.author_id, u.name as author_name, n.text, n.created_at as at
from note n
join "user" u on u.id = n.author_id
where n.conversation_id = $1
order by n.id desc
limit 200

-- name: note
select n.id, n.author_id, u.name as author_name, n.text, n.created_at as at
from note n
join "user" u on u.id = n.author_id
where n.id = $1

-- name: facts
-- The newest facts worth a line; names of the people they tell of come along.
select e.version, e.kind, e.at, e.actor, a.name as actor_name, p.name as subject_name, e.data
from event e
left join "user" a on a.id = case when e.actor like 'user:%' then substr(e.actor, 6)::bigint end
left join "user" p on p.id = coalesce(e.data ->> 'advisor_id', e.data ->> 'to_advisor_id')::bigint
where e.conversation_id = $1 and e.kind = any($2::text[])
order by e.id desc
limit 200

-- name: earlier
-- The person's other conversations, as far as the reader may read them.
select s.*
from conversation c
join conversation_summary s on s.id = c.id
where c.contact_id = (select contact_id from conversation where id = $1) and c.id <> $1
    and c.sector_id = any($2::text[])
    and ($4 or c.owner_id = $3
        or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3))
order by c.opened_at desc
limit 20

-- name: draft
select text from draft where user_id = $1 and conversation_id = $2

-- name: offers
-- The person's pending offers, the one that ends first leading.
select f.id as offer_id, f.offered_at, f.expires_at, f.skills, wants.text as wants, s as summary
from offer f
join conversation_summary s on s.id = f.conversation_id
left join lateral (
    select left(m.text, 300) as text from message m
    where m.conversation_id = f.conversation_id and m.direction = 'inbound'
        and not (m.revoked_at is not null and m.body ? 'applied')
    order by m.provider_at desc, m.id desc
    limit 1
) wants on true
where f.advisor_id = $1 and f.state = 'pending' and f.sector_id = any($2::text[])
order by f.expires_at, f.id
limit 20

-- name: cursor
-- Everything older than this transaction id is visible to whoever reads next.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as cursor, now() as now
