-- name: sees
-- A person is there for whoever may read one of their conversations: the rule of `views.readable`.
select exists (
    select from conversation c
    where c.contact_id = $1 and c.sector_id = any($2::text[])
        and ($4 or c.owner_id = $3
            or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3))
)

-- name: follow
-- Whom a merged contact became; the one asked for when it is nobody else's.
with recursive became as (
    select id, merged_into, 0 as steps from contact where id = $1
    union all
    select c.id, c.merged_into, b.steps + 1 from became b join contact c on c.id = b.merged_into where b.steps < 100
)
select id from became where merged_into is null

-- name: conversations
-- Theirs, as far as the reader may read them.
select s.*
from conversation c
join conversation_summary s on s.id = c.id
where c.contact_id = $1 and c.sector_id = any($2::text[])
    and ($4 or c.owner_id = $3
        or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3))
order by (c.state = 'resolved'), c.last_message_at desc, c.id desc
limit 50

-- name: identities
-- Only as the person was met in these sectors.
select i.id, i.kind, i.value, i.name, i.username, p.picture_key is not null as pictured
from identity i
left join profile p on p.identity_id = i.id
where i.contact_id = $1
    and (i.met && $2::text[] or exists (
        select from conversation c
        where c.contact_id = i.contact_id and c.identity_id = i.id and c.sector_id = any($2::text[])))
order by i.id

-- name: merges
-- Of a contact ($1), or the one with the id $5: those of which the reader may read both sides.
select m.id, m.by, m.at, u.name as by_name, m.undone_at, d.name as undone_by_name,
    array(select jsonb_array_elements_text(m.moved -> 'identities')::bigint) as identity_ids
from contact_merge m
left join "user" u on u.id = m.user_id
left join "user" d on d.id = m.undone_by
where (m.kept_id = $1 or m.gone_id = $1 or m.id = $5)
    and exists (
        select from conversation c
        where c.id in (select jsonb_array_elements_text(m.moved -> 'conversations')::bigint)
            and c.sector_id = any($2::text[])
            and ($4 or c.owner_id = $3
                or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3)))
    and exists (
        select from conversation c
        where c.id in (select jsonb_array_elements_text(m.moved -> 'kept_conversations')::bigint)
            and c.sector_id = any($2::text[])
            and ($4 or c.owner_id = $3
                or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $3)))
order by m.id desc
limit 20

-- name: search
-- By name, handle ($5) or number ($6), of those whose conversation the reader may read; each by their newest one.
select s.*
from (
    select distinct on (c.contact_id) c.id, c.last_message_at
    from identity i
    join conversation c on c.contact_id = i.contact_id and c.sector_id = any($1::text[])
        and ($3 or c.owner_id = $2
            or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $2))
    where (i.name ilike $5 or i.username ilike $5 or ($6::text is not null and i.kind = 'phone' and i.value like $6))
        and (i.met && $1::text[] or c.identity_id = i.id)
    order by c.contact_id, c.last_message_at desc
) found
join conversation_summary s on s.id = found.id
order by found.last_message_at desc, found.id desc
limit $4
