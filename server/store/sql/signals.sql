-- name: read
insert into signal (conversation_id, kind) values ($1, 'read')
on conflict (conversation_id, kind) do update set wanted_at = now()

-- name: typing
-- Only who answers here is seen to write, and only where an answer could go.
insert into signal (conversation_id, kind)
select id, 'typing' from conversation
where id = $1 and owner_id = $2 and state = 'assigned'
  and greatest(last_inbound_at, touched_at) > now() - interval '24 hours'
on conflict (conversation_id, kind) do update set wanted_at = now()
returning conversation_id

-- name: claim
-- Told or not, they are gone: what is late is worth nothing. A read mark names the newest message that has an id.
with due as (
    delete from signal
    where (conversation_id, kind) in (
        select conversation_id, kind from signal order by wanted_at limit $1 for update skip locked)
    returning conversation_id, kind, wanted_at
)
select due.kind, c.inbox_id, i.kind as identity_kind, i.value as identity_value, m.provider_id
from due
join conversation c on c.id = due.conversation_id
join identity i on i.id = c.identity_id
join inbox x on x.id = c.inbox_id and x.paused_at is null
left join lateral (
    select provider_id from message
    where conversation_id = c.id and direction = 'inbound' and provider_id is not null
    order by provider_at desc, id desc
    limit 1
) m on true
where due.wanted_at > now() - case due.kind when 'read' then interval '5 minutes' else interval '15 seconds' end
order by due.wanted_at
