-- name: append
-- In the order given, so that ids of one transaction ascend with the versions of a stream.
insert into event (stream, version, kind, actor, sector_id, conversation_id, user_id, data)
select stream, version, kind, actor, sector_id, conversation_id, user_id, data
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::jsonb[])
    with ordinality as n (stream, version, kind, actor, sector_id, conversation_id, user_id, data, place)
order by place
returning id, at

-- name: new_ids
-- With the time that the column's default would give.
select nextval('event_id_seq') as id, now() as at from generate_series(1, $1::integer)

-- name: last_versions
select s.stream, e.version
from unnest($1::text[]) as s (stream)
cross join lateral (select version from event where stream = s.stream order by version desc limit 1) e
