-- name: notify
select pg_notify('majlis_' || topic, $2) from unnest($1::text[]) as topic

-- name: check
select 1
