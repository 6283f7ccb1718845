-- name: add
-- Ids ascend in the order given.
insert into offer (conversation_id, sector_id, queue_id, advisor_id, priority, entered_at, skills, offered_at,
    expires_at, considered)
select n.conversation_id, n.sector_id, n.queue_id, n.advisor_id, n.priority, n.entered_at,
    array(select jsonb_array_elements_text(n.skills::jsonb)), now(), n.expires_at, n.considered::jsonb
from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[],
    $8::timestamptz[], $9::text[]) with ordinality
    as n (conversation_id, sector_id, queue_id, advisor_id, priority, entered_at, skills, expires_at, considered, place)
order by n.place
returning id

-- name: find
select id, conversation_id, sector_id, queue_id, advisor_id, state, priority, entered_at, skills, offered_at,
    expires_at, decided_at, reason
from offer
where id = $1

-- name: accept
-- With `expire` it shares one condition: whichever commits first, the other finds nothing to change.
update offer set state = 'accepted', decided_at = now()
where id = $1 and state = 'pending' and expires_at > now()
returning id, conversation_id, sector_id, queue_id, advisor_id, state, priority, entered_at, skills, offered_at,
    expires_at, decided_at, reason

-- name: decline
update offer set state = 'declined', decided_at = now(), reason = $2
where id = $1 and state = 'pending'
returning id, conversation_id, sector_id, queue_id, advisor_id, state, priority, entered_at, skills, offered_at,
    expires_at, decided_at, reason

-- name: expire
update offer set state = 'expired', decided_at = now()
where conversation_id = any($1::bigint[]) and state = 'pending' and expires_at <= now()
returning id, conversation_id, sector_id, queue_id, advisor_id, state, priority, entered_at, skills, offered_at,
    expires_at, decided_at, reason

-- name: withdraw
update offer set state = 'withdrawn', decided_at = now(), reason = $2
where conversation_id = any($1::bigint[]) and state = 'pending'
returning id, conversation_id, sector_id, queue_id, advisor_id, state, priority, entered_at, skills, offered_at,
    expires_at, decided_at, reason

-- name: due
select conversation_id from offer
where state = 'pending' and expires_at <= now()
order by expires_at
limit $1

-- name: seconds_to_next
select extract(epoch from min(expires_at) - now())::float8 from offer where state = 'pending'

-- name: untakeable
-- The conversations offered to people who cannot take them: not online, or without any live socket.
select o.conversation_id
from offer o
join advisor a on a.user_id = o.advisor_id
where o.state = 'pending'
  and (a.presence <> 'online'
    or not exists (select from presence_lease l where l.user_id = o.advisor_id and l.expires_at > now()))
order by o.conversation_id
limit $1

-- name: refusals
-- Who lately let go of which of these conversations: declined it, missed it, or had it and handed it back.
select conversation_id, advisor_id, max(at) as at
from (
    select conversation_id, advisor_id, decided_at as at
    from offer
    where conversation_id = any($1::bigint[]) and state in ('declined', 'expired')
      and decided_at > now() - make_interval(secs => $3)
    union all
    select conversation_id, advisor_id, ended_at
    from assignment
    where advisor_id = any($2::bigint[]) and conversation_id = any($1::bigint[])
      and end_reason = 'handed_back' and ended_at > now() - make_interval(secs => $3)
) as let_go
group by conversation_id, advisor_id
