-- name: at_work
select id, conversation_id, sector_id, policy_id, target, state, priority, target_seconds, started_at, due_at, warn_at,
    remaining_seconds, warned_at, met_at, breached_at, noticed_at
from sla_timer
where conversation_id = any($1::bigint[])
  and (state in ('running', 'paused') or (state = 'breached' and met_at is null))
order by id

-- name: answered
-- Conversations that have had their first human answer.
select distinct conversation_id
from sla_timer
where conversation_id = any($1::bigint[]) and target = 'first_response' and met_at is not null

-- name: add
insert into sla_timer (id, conversation_id, sector_id, policy_id, target, priority, target_seconds, started_at,
    due_at, warn_at, state)
overriding system value
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
    $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[])

-- name: new_ids
select nextval('sla_timer_id_seq') from generate_series(1, $1::integer)

-- name: write
-- A warning that lies ahead (again) has not been given.
update sla_timer as t
set state = n.state, priority = n.priority, target_seconds = n.target_seconds, due_at = n.due_at, warn_at = n.warn_at,
    remaining_seconds = n.remaining_seconds, met_at = n.met_at, breached_at = n.breached_at, noticed_at = n.noticed_at,
    warned_at = case when n.warn_at > now() then null else t.warned_at end
from unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::integer[],
    $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
    as n (id, state, priority, target_seconds, due_at, warn_at, remaining_seconds, met_at, breached_at, noticed_at)
where t.id = n.id

-- name: last_met
-- The response target that a human reply met last.
select id, conversation_id, sector_id, policy_id, target, state, priority, target_seconds, started_at, due_at, warn_at,
    remaining_seconds, warned_at, met_at, breached_at, noticed_at
from sla_timer
where conversation_id = $1 and target <> 'resolution' and state in ('met', 'breached') and met_at is not null
order by started_at desc, id desc
limit 1

-- name: answered_at
-- The first reply of a person that Meta accepted and did not fail, since then.
select min(provider_at)
from message
where conversation_id = $1 and direction = 'outbound' and author in ('advisor', 'business')
  and status in ('accepted', 'sent', 'delivered', 'read', 'played') and provider_at >= $2

-- name: due
-- now() is fixed for the transaction and bounds both index scans; clock_timestamp() would bound neither. The inner
-- limits are literals because a plan for any number would read and sort everything overdue.
(select conversation_id, due_at as at from sla_timer where state = 'running' and due_at <= now()
    order by due_at limit 500)
union all
(select conversation_id, warn_at from sla_timer
    where state = 'running' and warned_at is null and warn_at <= now() and due_at > now() order by warn_at limit 500)
order by at
limit $1

-- name: breach
update sla_timer
set state = 'breached', breached_at = due_at, noticed_at = now()
where conversation_id = any($1::bigint[]) and state = 'running' and due_at <= now()
returning id, conversation_id, sector_id, policy_id, target, state, priority, target_seconds, started_at, due_at,
    warn_at, remaining_seconds, warned_at, met_at, breached_at, noticed_at

-- name: warn
update sla_timer
set warned_at = now()
where conversation_id = any($1::bigint[]) and state = 'running' and warned_at is null and warn_at <= now()
  and due_at > now()
returning id, conversation_id, sector_id, policy_id, target, state, priority, target_seconds, started_at, due_at,
    warn_at, remaining_seconds, warned_at, met_at, breached_at, noticed_at

-- name: seconds_to_next
select extract(epoch from least(
    (select min(due_at) from sla_timer where state = 'running'),
    (select min(warn_at) from sla_timer where state = 'running' and warned_at is null)
) - now())::float8
