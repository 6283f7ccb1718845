-- name: load
select id, token, token_set_at, paused_at, paused_reason from inbox where active order by id

-- name: set_token
-- A new token is what a paused inbox waits for.
update inbox set token = $2, token_set_at = now(), paused_at = null, paused_reason = null
where id = $1
returning id

-- name: pause
-- Not when a newer token was set since the call that was refused.
update inbox set paused_at = now(), paused_reason = $2
where id = $1 and paused_at is null and token_set_at is not distinct from $3
returning id

-- name: resume
update inbox set paused_at = null, paused_reason = null where id = $1 returning id

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
update inbox set paused_at = null, paused_reason = null
where token is null and paused_reason like '-4:%'
