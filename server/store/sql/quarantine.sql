-- name: page
-- What is not known to belong to a sector is for people who have every sector ($2).
select id, received_at, created_at, replayed_at, sector_id, inbox_id, path, reason, detail,
    left(encode(body, 'escape'), 4000) as body
from quarantine
where (sector_id = any($1::text[]) or (sector_id is null and $2)) and ($3::bigint is null or id < $3)
order by id desc
limit $4

-- name: sectors
select array(select id from sector where active)
