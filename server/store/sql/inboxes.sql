-- name: load
select id, token, token_set_at, paused_at, paused_reason from inbox where active order by id

-- name: set_token
-- A new token is what a paused inbox waits for.
update inbox set token = $2, token_set_at = now(), paused_at = null, paused_reason = null, resumes_at = null
where id = $1
returning id

-- name: pause
-- Not when a newer token was set since the call that was refused.
update inbox set paused_at = now(), paused_reason = $2, resumes_at = now() + make_interval(secs => $4)
where id = $1 and paused_at is null and token_set_at is not distinct from $3
returning id

-- name: resume
update inbox set paused_at = null, paused_reason = null, resumes_at = null where id = $1 returning id

-- name: resume_due
update inbox set paused_at = null, paused_reason = null, resumes_at = null
where paused_at is not null and resumes_at <= now()
returning id

-- name: lock
select id from inbox where id = any($1::text[]) order by id for no key update

-- name: paused
select id, paused_at, paused_reason from inbox where active and paused_at is not null order by id

-- name: alarmed_lately
-- Which of these (inbox, code, subcode) were told within so many seconds.
select n.inbox_id, n.code, n.subcode
from unnest($1::text[], $2::bigint[], $3::bigint[]) as n (inbox_id, code, subcode)
where exists (
    select from event e
    where e.stream = 'inbox:' || n.inbox_id and e.kind = 'SendingAlarmed'
      and (e.data ->> 'code')::bigint = n.code and coalesce((e.data ->> 'subcode')::bigint, 0) = n.subcode
      and e.at > now() - make_interval(secs => $4)
)

-- name: take_leases
-- In name order, so that two workers starting at once never wait for each other in a circle.
-- Ours already, or lapsed: only a change of holder moves the epoch.
insert into lease as l (name, epoch, holder, expires_at)
select name, 1, $2, now() + make_interval(secs => $3)
from unnest($1::text[]) as n (name)
order by name
on conflict (name) do update
set epoch = case when l.holder = excluded.holder and l.expires_at > now() then l.epoch else l.epoch + 1 end,
    holder = excluded.holder,
    expires_at = excluded.expires_at
where l.holder = excluded.holder or l.expires_at <= now()
returning name, epoch

-- name: release_leases
update lease set expires_at = '-infinity' where name = any($1::text[]) and holder = $2

-- name: resume_tokenless
-- An inbox that stopped for want of a token may use everybody's, now that there is one.
update inbox set paused_at = null, paused_reason = null, resumes_at = null
where token is null and paused_reason like '-4:%'
returning id
