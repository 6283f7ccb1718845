-- name: journal
-- Rows applied long ago or just now; what still waits is the applier's.
select id, received_at, app_id, body from journal
where received_at >= $1 and (received_at, id) > ($2, $3::bigint) and applied_at is not null
order by received_at, id
limit 100

-- name: taken
-- Of (inbox, key) pairs, those that took effect already.
select inbox_id, key from inbound_key where (inbox_id, key) in (select * from unnest($1::text[], $2::text[]))

-- name: set_aside
select journal_id, path from quarantine where journal_id = any($1::bigint[]) and replayed_at is null

-- name: hold_turn
-- Nobody is merged meanwhile: see `merges.take_turn`.
select 1 from lease where name = 'applier' for share
