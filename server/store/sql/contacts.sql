-- name: new_ids
select array(select nextval('contact_id_seq') from generate_series(1, $1::integer)) as contacts,
    array(select nextval('identity_id_seq') from generate_series(1, $2::integer)) as identities

-- name: find
select id, contact_id, kind, scope, value, name, username, met from identity
where (kind, scope, value) in (select * from unnest($1::text[], $2::text[], $3::text[]))

-- name: add
insert into contact (id, name, language) overriding system value
select * from unnest($1::bigint[], $2::text[], $3::text[])

-- name: add_identities
insert into identity (id, contact_id, kind, scope, value, name, username, met) overriding system value
select n.id, n.contact_id, n.kind, n.scope, n.value, n.name, n.username,
    array(select jsonb_array_elements_text(n.met::jsonb))
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as n (id, contact_id, kind, scope, value, name, username, met)

-- name: meet
update identity as i set met = i.met || n.sector_id
from unnest($1::bigint[], $2::text[]) as n (id, sector_id)
where i.id = n.id and n.sector_id <> all(i.met)

-- name: rename
update identity as i set name = n.name, username = coalesce(n.username, i.username)
from unnest($1::bigint[], $2::text[], $3::text[]) as n (id, name, username)
where i.id = n.id

-- name: rename_contacts
update contact as c set name = n.name
from unnest($1::bigint[], $2::text[]) as n (id, name)
where c.id = n.id

-- name: labels
select contact_id, sector_id, label from contact_label where contact_id = any($1::bigint[])
