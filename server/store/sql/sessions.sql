-- name: authenticate
-- The person, read anew: a changed role, a lost sector or a deactivation counts from the next request on.
select s.id as session_id, s.csrf_token, s.seen_at < now() - interval '1 minute' as due_for_touch,
    u.id as user_id, u.name, u.email, u.role, u.reads_messages, u.language,
    array(select sector_id from user_sector where user_id = u.id) as sectors
from session s
join "user" u on u.id = s.user_id and u.active
where s.token_hash = $1 and s.expires_at > now()

-- name: viewers
-- The same for open sockets, by session id.
select s.id as session_id, s.csrf_token, false as due_for_touch,
    u.id as user_id, u.name, u.email, u.role, u.reads_messages, u.language,
    array(select sector_id from user_sector where user_id = u.id) as sectors
from session s
join "user" u on u.id = s.user_id and u.active
where s.id = any($1::bigint[]) and s.expires_at > now()

-- name: touch
-- A session lives twelve hours after its last use and two weeks in all.
update session
set seen_at = now(), expires_at = least(now() + interval '12 hours', created_at + interval '14 days')
where id = $1

-- name: add
insert into session (token_hash, user_id, csrf_token, expires_at, user_agent, address)
values ($1, $2, $3, now() + interval '12 hours', $4, $5)
returning id

-- name: remove
delete from session where token_hash = $1 returning id

-- name: revoke
delete from session where id = $1 and user_id = $2 returning id

-- name: remove_of_user
delete from session where user_id = $1 and id is distinct from $2

-- name: remove_expired
delete from session where expires_at < now() - interval '1 day'

-- name: of_user
select id, created_at, seen_at, expires_at, user_agent, address
from session
where user_id = $1 and expires_at > now()
order by seen_at desc

-- name: add_link
insert into sign_in_link (token_hash, user_id, expires_at) values ($1, $2, now() + interval '15 minutes')

-- name: use_link
-- One update decides: of two people with the same link one gets in.
update sign_in_link as l
set used_at = now()
from "user" u
where l.token_hash = $1 and l.used_at is null and l.expires_at > now() and u.id = l.user_id and u.active
returning l.user_id

-- name: forget_links
-- Used or not, none opens anything any more.
delete from sign_in_link where expires_at < now()

-- name: hold_email
-- Attempts for one email wait for each other, so that parallel guesses cannot pass the count together.
select pg_advisory_xact_lock(hashtextextended('sign-in ' || $1, 0))

-- name: recent_failures
-- Of the email since it last got in, and of the address whatever the email.
select
    (select count(*) from sign_in_attempt
     where email = $1 and not succeeded and at > now() - interval '15 minutes'
        and at > coalesce((select max(at) from sign_in_attempt where email = $1 and succeeded), '-infinity')) as email,
    (select count(*) from sign_in_attempt
     where address = $2 and not succeeded and at > now() - interval '15 minutes') as address

-- name: add_attempt
-- Written as failed before the password is looked at; a success is marked afterwards.
insert into sign_in_attempt (email, address, succeeded) values ($1, $2, false) returning id

-- name: mark_succeeded
update sign_in_attempt set succeeded = true where id = $1

-- name: forget_attempts
delete from sign_in_attempt where at < now() - interval '1 day'
