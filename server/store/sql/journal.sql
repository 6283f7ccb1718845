-- name: append
-- Committed, and seen by the applier, before it is flushed to disk: whatever the applier commits stands behind it in the
-- log and cannot be flushed without it. Nobody is told that it is stored before `flush` returned.
with unflushed as materialized (select set_config('synchronous_commit', 'off', true))
insert into journal (app_id, headers, body)
select n.app_id, n.headers, n.body
from unnest($1::text[], $2::jsonb[], $3::bytea[]) as n (app_id, headers, body), unflushed

-- name: flush
-- A transaction that writes nothing but a word into the log; its commit flushes everything before it.
select pg_logical_emit_message(true, 'majlis', '')

-- name: take_next
-- The next rows, and their ids named in the lease before work on them starts, so that work which kills its process is
-- found out: rows above suspicion together, a suspect alone. Never an id cursor: ids are not commit order.
-- The lease's own time and list need no flush: after a crash of the database they are only older.
with unflushed as materialized (select set_config('synchronous_commit', 'off', true)), next as materialized (
    select id, received_at, app_id, body, apply_attempts from journal
    where applied_at is null
    order by id limit $5
), together as materialized (
    select n.* from next n
    where n.id < coalesce((select min(s.id) from next s where s.apply_attempts > 0), 9223372036854775807)
       or n.id = (select min(id) from next)
), held as (
    update lease set expires_at = now() + make_interval(secs => $4), in_flight = array(select id from together order by id)
    from unflushed
    where name = $1 and holder = $2 and epoch = $3
    returning epoch
)
select h.epoch, t.* from held h left join together t on true order by t.id

-- name: suspect
-- In hand when a process died. Together: each is tried alone from now on. Alone: one more try is used up.
-- The next holder's hands are empty from here: should it die soon, nobody counts the same death again.
with held as (
    update lease set in_flight = '{}' where name = $2 and epoch = $3 returning name
)
update journal
set apply_attempts = case when cardinality($1::bigint[]) = 1 then apply_attempts + 1 else greatest(apply_attempts, 1::smallint) end
from held
where id = any($1::bigint[]) and applied_at is null

-- name: mark_applied
update journal set applied_at = now()
where (id, received_at) in (select * from unnest($1::bigint[], $2::timestamptz[]))

-- name: lag
select count(*) as rows, coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as seconds
from journal where applied_at is null

-- name: quarantine
insert into quarantine (journal_id, received_at, app_id, sector_id, inbox_id, path, reason, detail, body)
select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::bytea[])

-- name: quarantined
select id, journal_id, received_at, app_id, sector_id, inbox_id, path, reason, detail, body from quarantine
where replayed_at is null and id > $1 and ($2::timestamptz is null or received_at >= $2)
order by id limit 100

-- name: mark_replayed
update quarantine set replayed_at = now() where id = $1 and replayed_at is null

-- name: begin
-- Only the keys returned are new, and only they cause effects. With them, in one round trip, what nearly every batch asks
-- for next: who of the people named is known, ids for messages, and whether changes wait for a message to come.
with taken as (
    insert into inbound_key (inbox_id, key) select * from unnest($1::text[], $2::text[])
    on conflict do nothing
    returning inbox_id, key
)
select array(select row (inbox_id, key) from taken) as taken,
    array(
        select row (id, contact_id, kind, scope, value, name, username, met) from identity
        where (kind, scope, value) in (select * from unnest($3::text[], $4::text[], $5::text[]))
    ) as known,
    array(select nextval('message_id_seq') from generate_series(1, $6::integer)) as message_ids,
    exists (select from early_change) as early

-- name: forget_parked
delete from parked_status where parked_at < now() - interval '8 days'

-- name: forget_keys
-- Meta repeats for up to 7 days. A portion at a time: no statement runs long.
with old as (
    select inbox_id, key from inbound_key where at < now() - interval '60 days' order by at limit $1
)
delete from inbound_key k using old where k.inbox_id = old.inbox_id and k.key = old.key
