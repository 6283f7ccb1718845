-- name: lock_advisors
-- Before the user rows and in id order, as whoever changes a presence locks them.
select a.user_id
from advisor a
join "user" u on u.id = a.user_id
where u.email = any($1::text[])
order by a.user_id
for no key update of a

-- name: save
-- A person's language is theirs once they exist: the folder only gives the first.
insert into "user" (email, name, role, reads_messages, language)
select email, name, role, reads_messages, language
from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::text[])
    as n (email, name, role, reads_messages, language)
on conflict (email) do update
set name = excluded.name, role = excluded.role, reads_messages = excluded.reads_messages
returning id, email

-- name: activate
update "user" set active = true where id = any($1::bigint[]) and not active

-- name: deactivate
update "user" set active = false where email = any($1::text[]) and active returning id

-- name: remove_sectors
delete from user_sector as held
using unnest($1::bigint[], $2::jsonb[]) as n (user_id, kept)
where held.user_id = n.user_id and not n.kept ? held.sector_id

-- name: add_sectors
insert into user_sector (user_id, sector_id)
select n.user_id, sector_id
from unnest($1::bigint[], $2::jsonb[]) as n (user_id, kept), jsonb_array_elements_text(n.kept) as sector_id
on conflict do nothing

-- name: remove_skills
delete from user_skill as held
using unnest($1::bigint[], $2::jsonb[]) as n (user_id, kept)
where held.user_id = n.user_id and not n.kept ? held.skill_id

-- name: add_skills
insert into user_skill (user_id, skill_id)
select n.user_id, skill_id
from unnest($1::bigint[], $2::jsonb[]) as n (user_id, kept), jsonb_array_elements_text(n.kept) as skill_id
on conflict do nothing

-- name: save_advisors
-- In id order, as every lock of several advisors is taken.
insert into advisor (user_id, capacity)
select user_id, capacity
from unnest($1::bigint[], $2::integer[]) as n (user_id, capacity)
order by user_id
on conflict (user_id) do update set capacity = excluded.capacity

-- name: end_sessions
with links as (delete from sign_in_link where user_id = any($1::bigint[]))
delete from session where user_id = any($1::bigint[])
