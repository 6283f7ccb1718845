-- name: lock
-- In id order. NO KEY: rows that point at the person are added meanwhile without waiting.
select user_id, presence, presence_since, presence_reason, capacity
from advisor
where user_id = any($1::bigint[])
order by user_id
for no key update

-- name: live
-- Asked after the lock, as a statement of its own: the one that waited for a lock sees what was before the wait.
select distinct user_id from presence_lease where user_id = any($1::bigint[]) and expires_at > now()

-- name: lock_stream
-- The person's own event stream is written under the lock of the user row, by whomever.
select id from "user" where id = $1 for no key update

-- name: standing
-- To be relied on, asked after the lock, as `live`. Each count is one pass over what is open now, for any number of
-- advisors.
select a.user_id as id, a.capacity, a.last_offered_at as idle_since,
    case when l.user_id is null then 'offline' else a.presence end as presence,
    coalesce(s.ids, '{}') as sectors, coalesce(k.ids, '{}') as skills,
    coalesce(c.load, 0) + coalesce(o.load, 0) as load
from advisor a
join "user" u on u.id = a.user_id
left join (select user_id from presence_lease where expires_at > now() group by user_id) l on l.user_id = a.user_id
left join (select user_id, array_agg(sector_id) as ids from user_sector group by user_id) s on s.user_id = a.user_id
left join (select user_id, array_agg(skill_id) as ids from user_skill group by user_id) k on k.user_id = a.user_id
left join (
    select owner_id, count(*) as load from conversation where state = 'assigned' group by owner_id
) c on c.owner_id = a.user_id
left join (
    select advisor_id, count(*) as load from offer where state = 'pending' group by advisor_id
) o on o.advisor_id = a.user_id
where u.active and u.role = 'advisor' and ($1::bigint[] is null or a.user_id = any($1::bigint[]))
order by a.user_id

-- name: colleague
-- Somebody a conversation of the sector may be given to by hand.
select a.user_id as id, a.capacity, a.presence,
    (select count(*) from conversation c where c.owner_id = a.user_id and c.state = 'assigned')
        + (select count(*) from offer o where o.advisor_id = a.user_id and o.state = 'pending') as load
from advisor a
join "user" u on u.id = a.user_id
where a.user_id = $1 and u.active and u.role in ('advisor', 'supervisor')
  and exists (select from user_sector s where s.user_id = a.user_id and s.sector_id = $2)

-- name: note_offered
update advisor set last_offered_at = now() where user_id = any($1::bigint[])

-- name: set_presence
update advisor set presence = $2, presence_reason = $3,
    presence_since = case when presence = $2 then presence_since else now() end
where user_id = $1

-- name: open_lease
insert into presence_lease (socket_id, user_id, process, expires_at)
values ($1, $2, $3, now() + make_interval(secs => $4))
on conflict (socket_id) do update set expires_at = excluded.expires_at, process = excluded.process

-- name: renew_leases
update presence_lease set expires_at = now() + make_interval(secs => $3)
where socket_id = any($1::text[]) and process = $2
returning socket_id, user_id

-- name: close_lease
-- A page that loads anew is back within the short time left.
update presence_lease set expires_at = least(expires_at, now() + make_interval(secs => $2)) where socket_id = $1

-- name: forget_leases
delete from presence_lease where expires_at < now() - interval '1 hour'

-- name: lost
-- Shown as here, yet without any live socket.
select a.user_id
from advisor a
where a.presence <> 'offline'
  and not exists (select from presence_lease l where l.user_id = a.user_id and l.expires_at > now())
order by a.user_id
limit $1

-- name: returned
-- Lost without having said so, and back.
select a.user_id
from advisor a
where a.user_id = any($1::bigint[]) and a.presence = 'offline'
  and a.presence_reason in ('connection_lost', 'connection_lost_while_away')
