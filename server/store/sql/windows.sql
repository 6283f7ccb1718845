-- name: touch
-- Newer only: news in any order ends at the same place. The conversations are locked by whoever calls.
update conversation c
set touched_at = greatest(c.touched_at, n.touched_at), ad_entry_at = greatest(c.ad_entry_at, n.ad_entry_at),
    comment_id = case when n.commented_at >= coalesce(c.commented_at, '-infinity') then n.comment_id else c.comment_id end,
    commented_at = greatest(c.commented_at, n.commented_at)
from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::text[])
    as n (id, touched_at, ad_entry_at, commented_at, comment_id)
where c.id = n.id

-- name: begin_free_entry
-- Each entry begins one.
update conversation c
set free_entry_until = greatest(c.free_entry_until, n.until), ad_entry_at = null
from unnest($1::bigint[], $2::timestamptz[]) as n (id, until)
where c.id = n.id

-- name: take_up_comment
update conversation c
set comment_id = e.comment_id, commented_at = e.commented_at
from conversation e
where c.id = $1 and e.id = $2 and e.commented_at > coalesce(c.commented_at, '-infinity')

-- name: own_comment
-- The newest of those that came in this conversation.
update conversation c
set comment_id = m.provider_id, commented_at = m.provider_at
from (select 1) one
left join lateral (
    select provider_id, provider_at from message
    where conversation_id = $1 and kind = 'comment' and direction = 'inbound' and provider_id is not null
    order by provider_at desc, id desc
    limit 1
) m on true
where c.id = $1 and c.comment_id is distinct from m.provider_id

-- name: standing
-- One private reply for each comment: the row of the outbox that holds it says that it was given.
select greatest(c.last_inbound_at, c.touched_at) as opened_at, c.free_entry_until,
    case when c.comment_id is not null then jsonb_build_object(
        'id', c.comment_id, 'at', c.commented_at,
        'answered', exists (select from outbox o where o.inbox_id = c.inbox_id and o.comment_id = c.comment_id)
    ) end as comment,
    array(
        select jsonb_build_object('category', s.category, 'until', s.until)
        from suppression s
        where s.contact_id = c.contact_id and s.inbox_id = c.inbox_id and s.value = 'stop'
          and (s.until is null or s.until > now())
    ) as suppressions
from conversation c
where c.id = $1
