-- name: take_turn
-- Whoever applies webhooks holds this row shared until its transaction ends: nobody is met while people are merged.
with named as (insert into lease (name) values ('applier') on conflict do nothing)
select 1

-- name: hold_turn
select 1 from lease where name = 'applier' for update

-- name: identities_of
select id, contact_id, kind, scope, value, name, username, met from identity
where contact_id = any($1::bigint[])
order by id

-- name: conversations_of
select id from conversation where contact_id = any($1::bigint[]) order by id

-- name: lock_contacts
-- Those that are nobody else's by now.
select id, name from contact where id = any($1::bigint[]) and merged_into is null order by id for update

-- name: denied
-- Somebody said that these are two people: a merge of them was undone.
select exists (
    select from contact_merge
    where undone_at is not null and ((kept_id = $1 and gone_id = $2) or (kept_id = $2 and gone_id = $1))
)

-- name: move
-- Everything of the gone one ($2) becomes the kept one's ($1); returned as it was. Of what a customer does not want the
-- newer word counts.
with identities as (
    update identity set contact_id = $1 where contact_id = $2 returning id
), conversations as (
    update conversation set contact_id = $1 where contact_id = $2 returning id
), labels as (
    delete from contact_label where contact_id = $2 returning sector_id, label
), labelled as (
    insert into contact_label (contact_id, sector_id, label) select $1, sector_id, label from labels
    on conflict do nothing
    returning sector_id, label
), before as materialized (
    select k.* from suppression k
    join suppression g on g.contact_id = $2 and g.inbox_id = k.inbox_id and g.category = k.category
    where k.contact_id = $1
), unwanted as (
    delete from suppression where contact_id = $2 returning *
), kept_unwanted as (
    insert into suppression as s (contact_id, inbox_id, category, value, source, code, at, until)
    select $1, inbox_id, category, value, source, code, at, until from unwanted
    on conflict (contact_id, inbox_id, category) do update
    set value = excluded.value, source = excluded.source, code = excluded.code, at = excluded.at, until = excluded.until
    where excluded.at > s.at
), parked as (
    update parked_status set provider_id = 'contact:' || $1 where provider_id = 'contact:' || $2
), named as (
    update contact set name = case when name = '' then (select name from contact where id = $2) else name end
    where id = $1
), ended as (
    update contact set merged_into = $1 where id = $2
)
select jsonb_build_object(
    'identities', coalesce((select jsonb_agg(id order by id) from identities), '[]'),
    'conversations', coalesce((select jsonb_agg(id order by id) from conversations), '[]'),
    'kept_conversations', coalesce((select jsonb_agg(id order by id) from conversation where contact_id = $1), '[]'),
    'labels', coalesce((select jsonb_agg(jsonb_build_array(sector_id, label)) from labels), '[]'),
    'new_labels', coalesce((select jsonb_agg(jsonb_build_array(sector_id, label)) from labelled), '[]'),
    'suppressions', coalesce((select jsonb_agg(to_jsonb(u)) from unwanted u), '[]'),
    'kept_suppressions', coalesce((select jsonb_agg(to_jsonb(b)) from before b), '[]'),
    'kept_name', (select name from contact where id = $1)
)

-- name: add
insert into contact_merge (id, kept_id, gone_id, by, user_id, moved) overriding system value
values ($1, $2, $3, $4, $5, $6)

-- name: new_id
select nextval('contact_merge_id_seq')

-- name: lock_merge
select id, kept_id, gone_id, moved, at, undone_at from contact_merge where id = $1 for update

-- name: still_whole
-- Whether what was moved is where the merge put it: a later merge must be undone first.
select not exists (select from contact where id = $1 and merged_into is not null)
    and not exists (select from identity where id = any($2::bigint[]) and contact_id <> $1)

-- name: give_back
-- $1 kept, $2 gone, $3 the merge's record, $4 when. What happened since stays with both where it protects the customer.
with identities as (
    update identity set contact_id = $2 where id = any(array(select jsonb_array_elements_text($3::jsonb -> 'identities')::bigint))
), conversations as (
    update conversation set contact_id = $2 where id = any($5::bigint[])
), labels as (
    insert into contact_label (contact_id, sector_id, label)
    select $2, each ->> 0, each ->> 1 from jsonb_array_elements($3::jsonb -> 'labels') each
    on conflict do nothing
), unlabelled as (
    delete from contact_label l using jsonb_array_elements($3::jsonb -> 'new_labels') each
    where l.contact_id = $1 and l.sector_id = each ->> 0 and l.label = each ->> 1
), own as (
    select * from jsonb_populate_recordset(null::suppression, $3::jsonb -> 'suppressions')
), since as (
    select * from suppression where contact_id = $1 and at > $4
), unwanted as (
    insert into suppression (contact_id, inbox_id, category, value, source, code, at, until)
    select distinct on (inbox_id, category) $2, inbox_id, category, value, source, code, at, until
    from (select * from own union all select * from since) u
    order by inbox_id, category, at desc
    on conflict do nothing
), returned as (
    delete from suppression s using own o
    where s.contact_id = $1 and s.inbox_id = o.inbox_id and s.category = o.category and s.at <= $4
        and not exists (
            select from jsonb_populate_recordset(null::suppression, $3::jsonb -> 'kept_suppressions') k
            where k.inbox_id = s.inbox_id and k.category = s.category)
), restored as (
    update suppression s
    set value = k.value, source = k.source, code = k.code, at = k.at, until = k.until
    from jsonb_populate_recordset(null::suppression, $3::jsonb -> 'kept_suppressions') k
    where s.contact_id = $1 and s.inbox_id = k.inbox_id and s.category = k.category and s.at <= $4
), named as (
    update contact set name = $3::jsonb ->> 'kept_name' where id = $1 and $3::jsonb ->> 'kept_name' = ''
)
update contact set merged_into = null where id = $2

-- name: answered
-- A person's words to one of these addresses ($3), out by now. What was typed on the business's own phone names no
-- address here: it went to where its conversation answers.
select exists (
    select from conversation c
    join message m on m.conversation_id = c.id
    where c.contact_id = $1 and c.inbox_id = $2
      and m.direction = 'outbound' and m.author in ('advisor', 'business') and m.created_at >= $4
      and m.kind not in ('reaction', 'edit', 'revoke') and m.status not in ('queued', 'failed', 'discarded')
      and (
          exists (
              select from outbox o
              join identity i on i.kind = o.recipient ->> 'kind' and i.value = o.recipient ->> 'value'
              where o.message_id = m.id and i.id = any($3::bigint[]))
          or (c.identity_id = any($3::bigint[]) and not exists (select from outbox o where o.message_id = m.id))
      )
)

-- name: heard_since
select kind, provider_at from message where conversation_id = $1 and author = 'customer' and created_at >= $2

-- name: undone
update contact_merge set undone_at = now(), undone_by = $2 where id = $1

-- name: move_identity
update identity set contact_id = $2 where id = $1

-- name: redirect
-- What still waits to be sent in these conversations goes to where they reply now.
update outbox o
set recipient = jsonb_build_object('kind', i.kind, 'value', i.value)
from unnest($1::bigint[], $2::bigint[]) as n (conversation_id, identity_id)
join identity i on i.id = n.identity_id
where o.conversation_id = n.conversation_id and o.state = 'queued'

-- name: on_whatsapp
-- The newest conversation of each of these people in each WhatsApp inbox: unresolved, else the one resolved last.
select distinct on (c.contact_id, c.inbox_id) c.id
from conversation c
join inbox x on x.id = c.inbox_id and x.channel = 'whatsapp'
where c.contact_id = any($1::bigint[])
order by c.contact_id, c.inbox_id, (c.state = 'resolved'), c.resolved_at desc
