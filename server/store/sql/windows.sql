-- name: touch
-- Newer only: news in any order ends at the same place. The conversations are locked by whoever calls.
update conversation c
set touched_at = greatest(c.touched_at, n.touched_at), ad_entry_at = greatest(c.ad_entry_at, n.ad_entry_at)
from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) as n (id, touched_at, ad_entry_at)
where c.id = n.id

-- name: begin_free_entry
-- Each entry begins one.
update conversation c
set free_entry_until = greatest(c.free_entry_until, n.until), ad_entry_at = null
from unnest($1::bigint[], $2::timestamptz[]) as n (id, until)
where c.id = n.id

-- name: standing
select greatest(c.last_inbound_at, c.touched_at) as opened_at, c.free_entry_until,
    array(
        select jsonb_build_object('category', s.category, 'until', s.until)
        from suppression s
        where s.contact_id = c.contact_id and s.inbox_id = c.inbox_id and s.value = 'stop'
          and (s.until is null or s.until > now())
    ) as suppressions
from conversation c
where c.id = $1
