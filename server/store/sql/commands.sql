-- name: claim
-- Waits for the same command under way elsewhere; its act and result are put beside the digest of what was given with it.
insert into command (user_id, id, result) values ($1, $2, $3)
on conflict (user_id, id) do nothing
returning true

-- name: result
select result from command where user_id = $1 and id = $2

-- name: keep
update command set result = result || $3 where user_id = $1 and id = $2

-- name: forget
delete from command where at < now() - interval '8 days'
