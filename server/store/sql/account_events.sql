-- name: add
-- A detector tells of a state once for as long as it lasts; only what is new comes back.
insert into account_event (source, channel, account_id, inbox_ids, sector_ids, field, event, severity, data, at)
select n.source, n.channel, n.account_id,
    array(select jsonb_array_elements_text(n.inbox_ids::jsonb)), array(select jsonb_array_elements_text(n.sector_ids::jsonb)),
    n.field, n.event, n.severity, n.data, n.at
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::jsonb[], $10::timestamptz[])
    with ordinality as n (source, channel, account_id, inbox_ids, sector_ids, field, event, severity, data, at, place)
order by n.place
on conflict (account_id, field, event) where source = 'majlis' and ended_at is null do nothing
returning id, inbox_ids, severity

-- name: lasting
-- What our detectors found and what is not over yet.
select account_id, event from account_event where source = 'majlis' and ended_at is null

-- name: finish
update account_event set ended_at = now()
where source = 'majlis' and ended_at is null
    and (account_id, event) in (select * from unnest($1::text[], $2::text[]))
returning id

-- name: renew
-- The figures of what lasts, as they are now.
update account_event a set data = n.data
from unnest($1::text[], $2::text[], $3::jsonb[]) as n (account_id, event, data)
where a.source = 'majlis' and a.ended_at is null and a.account_id = n.account_id and a.event = n.event
    and a.data is distinct from n.data

-- name: newest
-- Of the reader's sectors.
select id, source, inbox_ids, field, event, severity, data, at, ended_at
from account_event
where sector_ids && $1::text[]
order by id desc
limit $2

-- name: templates
-- The newest word about each template of the reader's accounts, where it is a bad one.
select t.* from (
    select distinct on (account_id, data ->> 'message_template_id', data ->> 'message_template_language')
        id, source, inbox_ids, field, event, severity, data, at, ended_at
    from account_event
    where field in ('message_template_status_update', 'messenger_template_status_update') and sector_ids && $1::text[]
        and at > now() - interval '90 days'
    order by account_id, data ->> 'message_template_id', data ->> 'message_template_language', at desc, id desc
) t
where t.severity <> 'info'
order by t.at desc
limit 50
