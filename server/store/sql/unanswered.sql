-- name: answered_at
-- When each of these conversations was last answered, by whomever; an answer on its way counts, one in doubt does not.
-- $2: kinds that are none.
select conversation_id, max(provider_at) as at
from message
where conversation_id = any($1::bigint[]) and direction = 'outbound' and author in ('advisor', 'bot', 'business')
  and status not in ('failed', 'uncertain', 'discarded') and kind <> all($2::text[])
group by conversation_id

-- name: unheard
-- Of these messages ($1) those of a bot that failed or may have, belong to the conversation's present opening ($2), and have no
-- later answer beside them: since when their customer waits, and what was said last.
select distinct on (m.conversation_id) m.conversation_id, coalesce(asked.since, last.provider_at) as since, last.text
from unnest($1::bigint[], $2::integer[]) as n (message_id, opening)
join message m on m.id = n.message_id and m.author = 'bot' and m.status in ('failed', 'uncertain')
join outbox o on o.message_id = m.id and o.opening = n.opening
left join lateral (
    select max(a.provider_at) as at, bool_or((a.provider_at, a.id) > (m.provider_at, m.id)) as later
    from message a
    where a.conversation_id = m.conversation_id and a.direction = 'outbound'
      and a.author in ('advisor', 'bot', 'business') and a.status not in ('failed', 'uncertain', 'discarded')
      and a.kind <> all($3::text[])
) answered on true
left join lateral (
    select min(i.provider_at) as since
    from message i
    where i.conversation_id = m.conversation_id and i.direction = 'inbound' and i.kind <> all($3::text[])
      and i.provider_at > coalesce(answered.at, '-infinity')
) asked on true
left join lateral (
    select i.provider_at, i.text
    from message i
    where i.conversation_id = m.conversation_id and i.direction = 'inbound' and i.kind <> all($3::text[])
    order by i.provider_at desc, i.id desc
    limit 1
) last on true
where answered.later is not true
order by m.conversation_id
