-- name: changes_since
-- What may have made a draft stale: acts of others on the conversation since the version it was written on.
select e.kind, e.at, e.actor, u.name as actor_name, p.name as subject_name, e.data
from event e
left join "user" u on e.actor = 'user:' || u.id
left join "user" p on p.id = coalesce(e.data ->> 'advisor_id', e.data ->> 'to_advisor_id')::bigint
where e.stream = $1 and e.version > $2 and e.actor <> $3
  and (e.kind = any($4::text[])
    or (e.kind = 'MessageQueued' and exists (
        select 1 from message m
        where m.id = (e.data ->> 'message_id')::bigint and m.author in ('advisor', 'bot'))))
order by e.version

-- name: own_message
select conversation_id, status from message where id = $1 and direction = 'outbound'

-- name: target
select conversation_id, direction, kind, provider_id, provider_at, revoked_at from message where id = $1

-- name: reactions_among
select m.conversation_id, r.message_id as about, m.body ->> 'emoji' as emoji, r.emoji as shown
from message m
join reaction r on r.message_id = (m.body ->> 'message_id')::bigint and r.by = 'business'
where m.id = any($1::bigint[]) and m.kind = 'reaction' and m.direction = 'outbound'
order by m.id
