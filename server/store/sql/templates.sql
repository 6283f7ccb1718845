-- name: expect
-- Every account we know is read sooner or later.
insert into template_sync (account) select * from unnest($1::text[]) on conflict do nothing

-- name: claim
-- One reader at a time; a dead one's turn comes again.
update template_sync
set due_at = now() + make_interval(secs => $2), asked_at = null
where account = (
    select account from template_sync
    where due_at <= now() and account = any($1::text[])
    order by due_at
    limit 1
    for update skip locked)
returning account, now() as begun_at

-- name: next_due
select extract(epoch from min(due_at) - now())::float8 from template_sync where account = any($1::text[])

-- name: put
-- What a webhook said since the reading began is newer than the list.
insert into template as t (account, name, language, provider_id, status, category, quality, reason, components,
    status_at, synced_at)
select $1, n.name, n.language, n.provider_id, n.status, n.category, n.quality, n.reason, n.components, $2, now()
from jsonb_to_recordset($3::jsonb)
    as n (name text, language text, provider_id text, status text, category text, quality text, reason text,
        components jsonb)
on conflict (account, name, language) do update
set provider_id = excluded.provider_id, components = excluded.components, quality = excluded.quality,
    category = excluded.category, synced_at = excluded.synced_at,
    status = case when t.status_at > excluded.status_at then t.status else excluded.status end,
    reason = case when t.status_at > excluded.status_at then t.reason else excluded.reason end,
    status_at = greatest(t.status_at, excluded.status_at)

-- name: drop_missing
delete from template where account = $1 and status_at <= $2
    and (name, language) not in (select * from unnest($3::text[], $4::text[]))

-- name: synced
-- Asked for meanwhile: then once more, soon.
update template_sync
set synced_at = now(), trouble = '',
    due_at = case when asked_at is null then now() + make_interval(secs => $2) else now() end
where account = $1

-- name: troubled
update template_sync set trouble = $2, due_at = now() + make_interval(secs => $3) where account = $1

-- name: ask
-- Not more than once in ten seconds, whoever asks.
update template_sync set due_at = now(), asked_at = now()
where account = any($1::text[]) and (asked_at is null or asked_at < now() - interval '10 seconds')
returning account

-- name: synced_at
select synced_at from template_sync where account = $1

-- name: approved
select account, name, language, provider_id, status, category, quality, components
from template
where account = $1 and status = 'approved'
    and ($2 = '' or strpos(lower(name || ' ' || components::text), lower($2)) > 0)
order by name, language
limit 500

-- name: one
select account, name, language, provider_id, status, category, quality, components
from template
where account = $1 and name = $2 and language = $3

-- name: follow
-- By news of one template. Older news changes nothing.
update template as t
set status = coalesce(n.status, t.status), reason = case when n.status is null then t.reason else n.reason end,
    category = coalesce(n.category, t.category), quality = coalesce(n.quality, t.quality),
    status_at = case when n.status is null then t.status_at else n.at end
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    as n (account, name, language, status, category, quality, reason, at)
where t.account = n.account and t.name = n.name and t.language = n.language
    and (n.status is null or n.at >= t.status_at)
