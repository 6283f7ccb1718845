-- name: take
-- Ours already, or lapsed: only a change of holder moves the epoch. Names what a dead holder had in its hands.
insert into lease as l (name, epoch, holder, expires_at)
values ($1, 1, $2, now() + make_interval(secs => $3))
on conflict (name) do update
set epoch = case when l.holder = excluded.holder and l.expires_at > now() then l.epoch else l.epoch + 1 end,
    holder = excluded.holder,
    expires_at = excluded.expires_at
where l.holder = excluded.holder or l.expires_at <= now()
returning epoch, in_flight

-- name: fence
-- Holds the row until the transaction ends: a taker waits for it, so two holders never commit in turn.
-- What follows is the same few statements for each batch: planning them anew takes longer than running them.
select now() from lease, set_config('plan_cache_mode', 'force_generic_plan', true)
where name = $1 and epoch = $2 and expires_at > now() for share of lease

-- name: release
update lease set expires_at = '-infinity', in_flight = '{}' where name = $1 and holder = $2 and epoch = $3
