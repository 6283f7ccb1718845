-- name: add
insert into assignment (conversation_id, sector_id, advisor_id, offer_id, assigned_at)
values ($1, $2, $3, $4, now())

-- name: finish
update assignment set ended_at = now(), end_reason = $2
where conversation_id = any($1::bigint[]) and ended_at is null

-- name: held
select exists (select from assignment where conversation_id = $1 and advisor_id = $2)

-- name: abandoned
-- Owned by somebody who has been away with no live socket for the grace, counted at the earliest from the assignment.
select a.conversation_id
from assignment a
join advisor o on o.user_id = a.advisor_id
where a.ended_at is null
  and o.presence = 'offline'
  and greatest(o.presence_since, a.assigned_at) <= now() - make_interval(secs => $1)
order by a.conversation_id
limit $2
