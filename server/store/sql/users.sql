-- name: add
insert into "user" (email, name, role, reads_messages, language)
values ($1, $2, $3, $4, $5)
on conflict (email) do nothing
returning id

-- name: add_sectors
insert into user_sector (user_id, sector_id) select $1, unnest($2::text[])

-- name: add_advisor
insert into advisor (user_id, capacity) values ($1, $2)

-- name: by_email
select id, email, name, role, active, password_hash from "user" where email = $1

-- name: password_of
select password_hash from "user" where id = $1 and active

-- name: lock
select id, email, name, role, active, password_hash from "user" where id = $1 for update

-- name: all
select u.id, u.email, u.name, u.role, u.active, u.created_at, u.password_hash is not null as has_password,
    array(select sector_id from user_sector where user_id = u.id order by 1) as sectors,
    (select max(seen_at) from session where user_id = u.id) as seen_at
from "user" u
order by u.active desc, u.name

-- name: deactivate
update "user" set active = false where id = $1

-- name: set_password
update "user" set password_hash = $2 where id = $1

-- name: remove_links
delete from sign_in_link where user_id = $1

-- name: profile
select u.preferences, coalesce(a.presence, 'offline') as presence, a.presence_reason, a.capacity,
    (select count(*) from conversation where owner_id = u.id and state = 'assigned') as load
from "user" u
left join advisor a on a.user_id = u.id
where u.id = $1

-- name: set_preferences
update "user"
set language = coalesce($2, language), preferences = preferences || $3
where id = $1

-- name: names
select id, name from "user" where id = any($1::bigint[])
