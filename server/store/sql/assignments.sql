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

-- name: last_worked
-- When each of these advisors last accepted an offer, or wrote in a conversation of theirs, after $2.
select advisor_id, max(at) as at
from (
    select advisor_id, assigned_at as at
    from assignment
    where advisor_id = any($1::bigint[]) and offer_id is not null and assigned_at > $2
    union all
    select a.advisor_id, m.created_at
    from assignment a
    join message m on m.conversation_id = a.conversation_id and m.author_id = a.advisor_id and m.provider_at > $2
    where a.advisor_id = any($1::bigint[]) and (a.ended_at is null or a.ended_at > $2)
) as worked
group by advisor_id
