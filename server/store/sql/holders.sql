-- name: barred
-- Conversations owned by, or offered to, somebody who may not have them any more: without the sector or a role that
-- answers customers, or no longer active. Among $1 alone, if given.
select held.conversation_id, held.user_id
from (
    select id as conversation_id, sector_id, owner_id as user_id from conversation where state = 'assigned'
    union all
    select conversation_id, sector_id, advisor_id from offer where state = 'pending'
) as held
join "user" u on u.id = held.user_id
where ($1::bigint[] is null or held.conversation_id = any($1::bigint[]))
  and (not u.active or u.role not in ('advisor', 'supervisor')
    or not exists (select from user_sector s where s.user_id = u.id and s.sector_id = held.sector_id))
order by held.conversation_id
limit $2
