-- name: load
-- One statement, so that all of it is of one moment.
select 'organisation' as entity, version::text as id, definition from organisation
union all select 'apps', id, definition from meta_app where active
union all select 'calendars', id, definition from calendar where active
union all select 'sla_policies', id, definition from sla_policy where active
union all select 'skills', id, definition from skill where active
union all select 'flows', id, definition from flow where active
union all select 'sectors', id, definition from sector where active
union all select 'queues', id, definition from queue where active
union all select 'inboxes', id, definition from inbox where active

-- name: version
select version from organisation

-- name: moved_lately
select version <> $1 and applied_at > now() - make_interval(secs => $2) from organisation

-- name: lock
-- Two applies take turns.
select from organisation for update

-- name: move_version
update organisation set version = version + 1, definition = $1, applied_at = now()

-- name: save_apps
insert into meta_app (id, definition)
select * from unnest($1::text[], $2::jsonb[])
on conflict (id) do update set definition = excluded.definition, active = true

-- name: save_calendars
insert into calendar (id, definition)
select * from unnest($1::text[], $2::jsonb[])
on conflict (id) do update set definition = excluded.definition, active = true

-- name: save_sla_policies
insert into sla_policy (id, definition)
select * from unnest($1::text[], $2::jsonb[])
on conflict (id) do update set definition = excluded.definition, active = true

-- name: save_skills
insert into skill (id, definition)
select * from unnest($1::text[], $2::jsonb[])
on conflict (id) do update set definition = excluded.definition, active = true

-- name: save_flows
insert into flow (id, definition)
select * from unnest($1::text[], $2::jsonb[])
on conflict (id) do update set definition = excluded.definition, active = true

-- name: save_sectors
insert into sector (id, names, bots, definition)
select id, definition -> 'names', (definition -> 'bots')::boolean, definition
from unnest($1::text[], $2::jsonb[]) as n (id, definition)
on conflict (id) do update
set names = excluded.names, bots = excluded.bots, definition = excluded.definition, active = true

-- name: save_queues
insert into queue (id, sector_id, definition)
select id, definition ->> 'sector', definition
from unnest($1::text[], $2::jsonb[]) as n (id, definition)
on conflict (id) do update set sector_id = excluded.sector_id, definition = excluded.definition, active = true

-- name: save_inboxes
-- The token stays: it belongs to the connected account, not to the folder.
insert into inbox (id, sector_id, app_id, channel, external_id, definition)
select id, definition ->> 'sector', definition ->> 'app', definition ->> 'channel', definition ->> 'external_id',
    definition
from unnest($1::text[], $2::jsonb[]) as n (id, definition)
on conflict (id) do update
set sector_id = excluded.sector_id, app_id = excluded.app_id, channel = excluded.channel,
    external_id = excluded.external_id, definition = excluded.definition, active = true

-- name: retire_apps
update meta_app set active = false where id = any($1::text[])

-- name: retire_calendars
update calendar set active = false where id = any($1::text[])

-- name: retire_sla_policies
update sla_policy set active = false where id = any($1::text[])

-- name: retire_skills
update skill set active = false where id = any($1::text[])

-- name: retire_flows
update flow set active = false where id = any($1::text[])

-- name: retire_sectors
update sector set active = false where id = any($1::text[])

-- name: retire_queues
update queue set active = false where id = any($1::text[])

-- name: retire_inboxes
update inbox set active = false where id = any($1::text[])

-- name: queues_in_use
-- Their waiting conversations would never be offered to anybody again.
select queue_id, count(*) as conversations
from (
    select queue_id from waiting where queue_id = any($1::text[])
    union all
    select queue_id from offer where state = 'pending' and queue_id = any($1::text[])
) as used
group by queue_id
order by queue_id

-- name: rerank
-- The same rule as domain.assignment.rank.
update waiting as w
set rank = w.entered_at - make_interval(secs => coalesce((q.definition -> 'head_start_seconds' ->> w.priority)::int, 0))
from queue as q
where q.id = w.queue_id and q.id = any($1::text[])
