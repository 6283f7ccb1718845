-- name: put
-- The newest word counts; an older one that comes late changes nothing. Returns whose standing changed.
insert into suppression as s (contact_id, inbox_id, category, value, source, code, at, until)
select n.contact_id, n.inbox_id, n.category, n.value, n.source, n.code, n.at, n.until
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::timestamptz[],
    $8::timestamptz[]) as n (contact_id, inbox_id, category, value, source, code, at, until)
on conflict (contact_id, inbox_id, category) do update
set value = excluded.value, source = excluded.source, code = excluded.code, at = excluded.at, until = excluded.until
where s.at <= excluded.at
  -- A hold of a day is less than a stop by the customer.
  and not (excluded.until is not null and s.value = 'stop' and s.until is null)
returning contact_id, inbox_id, category

-- name: of_contact
select category, until
from suppression
where contact_id = $1 and inbox_id = $2 and value = 'stop' and (until is null or until > now())
order by category
