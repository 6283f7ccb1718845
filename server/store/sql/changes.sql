-- name: targets
-- What something may take effect on, with whose it is.
select m.id, m.conversation_id, m.inbox_id, m.provider_id, c.contact_id, m.direction, m.text, m.edited_at,
    m.revoked_at is not null as revoked
from message m
join conversation c on c.id = m.conversation_id
where (m.inbox_id, m.provider_id) in (select * from unnest($1::text[], $2::text[]))

-- name: edit
-- What was said about the message (quoting, forwarding) stays; what it says is new.
update message as m
set text = n.text, body = (m.body - 'missing') || n.body, edited_at = n.edited_at
from unnest($1::bigint[], $2::text[], $3::jsonb[], $4::timestamptz[]) as n (id, text, body, edited_at)
where m.id = n.id

-- name: keep_earlier
insert into message_edit (message_id, edited_at, text)
select * from unnest($1::bigint[], $2::timestamptz[], $3::text[])
on conflict do nothing

-- name: revoke
update message as m
set kind = 'revoke', text = '', body = '{}', revoked_at = n.at
from unnest($1::bigint[], $2::timestamptz[]) as n (id, at)
where m.id = n.id

-- name: forget_earlier
delete from message_edit where message_id = any($1::bigint[])

-- name: keep_early
insert into early_change (message_id, inbox_id, about, contact_id, by, kind, text, body, at)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
    $8::jsonb[], $9::timestamptz[])

-- name: early
select e.message_id, e.inbox_id, e.about, c.contact_id, e.by, e.kind, e.text, e.body, e.at, m.conversation_id
from early_change e
join message m on m.id = e.message_id
join conversation c on c.id = m.conversation_id
where (e.inbox_id, e.about) in (select * from unnest($1::text[], $2::text[]))
order by e.at, e.message_id

-- name: settle
-- The row stays, for it took its provider's name; `applied` hides it.
update message as m
set text = '', body = '{"applied": true}', revoked_at = n.at
from unnest($1::bigint[], $2::timestamptz[]) as n (id, at)
where m.id = n.id

-- name: end_waiting
delete from early_change where message_id = any($1::bigint[])

-- name: forget_early
delete from early_change where kept_at < now() - interval '1 hour'
