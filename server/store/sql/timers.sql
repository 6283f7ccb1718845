-- name: at_work
-- All of what `conversation_summary` shows the first of (the predicate of index sla_timer_at_work).
select target, state, due_at, warn_at, breached_at
from sla_timer
where conversation_id = $1 and (state in ('running', 'paused') or (state = 'breached' and met_at is null))
order by due_at nulls last, id
