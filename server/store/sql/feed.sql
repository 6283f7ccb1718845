-- name: pushes
-- Events as screens get them, with what they show now: one round trip for a whole batch.
-- $1: the events asked for. $2..$5: streams whose earlier events may not have been shown yet (committed in another
-- process whose word is late), the versions between which to look, and the oldest transaction worth looking at.
with wanted as (
    select id from unnest($1::bigint[]) as asked (id)
    union
    select e.id
    from unnest($2::text[], $3::bigint[], $4::bigint[]) as gap (stream, after, before)
    join event e on e.stream = gap.stream and e.version > gap.after and e.version < gap.before
    where e.xid >= $5::text::xid8
)
select e.id, e.stream, e.version, e.kind, e.at, e.actor, e.sector_id, e.conversation_id, e.user_id, e.data,
    a.name as actor_name, p.name as subject_name,
    case when s.id is not null then s end as summary,
    case when m.id is not null then m end as message,
    n.id as note_id, n.author_id as note_author_id, na.name as note_author_name, n.text as note_text,
    n.created_at as note_at,
    f.id as offer_id, f.offered_at, f.expires_at, f.skills as offer_skills, f.advisor_id as offer_advisor_id,
    wants.text as wants,
    case when e.sector_id is null and e.user_id is not null
        then array(select sector_id from user_sector where user_id = e.user_id) end as user_sectors
from wanted w
join event e on e.id = w.id
left join conversation_summary s on s.id = e.conversation_id
left join message_detail m on m.id = (e.data ->> 'message_id')::bigint and m.conversation_id = e.conversation_id
left join note n on n.id = (e.data ->> 'note_id')::bigint and n.conversation_id = e.conversation_id
left join "user" na on na.id = n.author_id
left join offer f
    on f.id = (e.data ->> 'offer_id')::bigint and f.conversation_id = e.conversation_id and f.state = 'pending'
left join lateral (
    select left(c.text, 300) as text from message c
    where c.conversation_id = f.conversation_id and c.direction = 'inbound'
        and not (c.revoked_at is not null and c.body ? 'applied')
    order by c.provider_at desc, c.id desc
    limit 1
) wants on true
left join "user" a on a.id = case when e.actor like 'user:%' then substr(e.actor, 6)::bigint end
left join "user" p on p.id = coalesce(e.data ->> 'advisor_id', e.data ->> 'to_advisor_id')::bigint
order by e.id

-- name: since
-- The events a person missed: what they may read, and what concerns them. One statement, so that cursor, heads and
-- events come from one snapshot.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as cursor,
    $1 > pg_snapshot_xmax(pg_current_snapshot())::text::bigint as from_the_future,
    array(
        select e.id from event e
        where e.xid >= $1::bigint::text::xid8
            -- What concerned a person in a sector they have left is no longer theirs to see.
            and ((e.user_id = $2 and (e.sector_id is null or e.sector_id = any($3::text[]))) or (e.sector_id = any($3::text[]) and ($4 or exists (
                select from conversation c
                where c.id = e.conversation_id and (c.owner_id = $2 or exists (
                    select from assignment a where a.conversation_id = c.id and a.advisor_id = $2))))))
        order by e.xid, e.id
        limit $5
    ) as ids,
    coalesce((
        select jsonb_object_agg(sector.id, h.id) from unnest($3::text[]) as sector (id)
        cross join lateral (select max(e.id) as id from event e where e.sector_id = sector.id) h
        where h.id is not null
    ), '{}') as heads

-- name: readable_among
-- The same rule as `views.readable`, for those who do not read every conversation.
select c.id from conversation c
where c.id = any($1::bigint[]) and c.sector_id = any($3::text[])
    and (c.owner_id = $2 or exists (select from assignment a where a.conversation_id = c.id and a.advisor_id = $2))

-- name: sweep
-- What was committed since the cursor (ids only: most were shown already), and how far that is the whole truth.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as cursor, now() as now,
    coalesce((
        select jsonb_object_agg(s.id, h.id) from sector s
        cross join lateral (select max(e.id) as id from event e where e.sector_id = s.id) h
        where h.id is not null
    ), '{}') as heads,
    array(
        select row (e.id, e.stream, e.version, e.xid::text::bigint) from event e
        where e.xid >= $1::bigint::text::xid8
        order by e.xid, e.id
        limit $2
    ) as events

-- name: fix_plans
-- The feed's own connection plans each statement once: planning `pushes` takes ten times as long as running it.
set plan_cache_mode = force_generic_plan

-- name: begin_anew
-- 3 is the first transaction of any cluster.
update event set xid = '3'

-- name: place
-- Tells the databases that may share one Redis apart.
select datname || '.' || oid from pg_database where datname = current_database()
