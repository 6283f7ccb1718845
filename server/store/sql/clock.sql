-- name: now
select now()
