-- name: add
insert into assignment (conversation_id, sector_id, advisor_id, offer_id, assigned_at)
values ($1, $2, $3, $4, now())

-- name: finish
update assignment set ended_at = now(), end_reason = $2
where conversation_id = any($1::bigint[]) and ended_at is null

-- name: held
select exists (select from assignment where conversation_id = $1 and advisor_id = $2)

-- name: abandoned
-- Owned by somebody who has been offline for the grace, counted at the earliest from the assignment. A supervisor's own
-- presence is no promise to take work, so only with their last socket is what they took over given back.
select a.conversation_id
from assignment a
join advisor o on o.user_id = a.advisor_id
join "user" u on u.id = a.advisor_id
where a.ended_at is null
  and o.presence = 'offline'
  and greatest(o.presence_since, a.assigned_at) <= now() - make_interval(secs => $1)
  and (u.role <> 'supervisor'
       or not exists (select from presence_lease l where l.user_id = a.advisor_id and l.expires_at > now()))
order by a.conversation_id
limit $2
