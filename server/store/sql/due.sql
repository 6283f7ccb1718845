-- name: page
-- The due times come from the timers at work in one pass (index sla_timer_at_work); what has none that runs stands at
-- the end. Only the page's own rows become summaries.
with clock as (
    select t.conversation_id, min(t.due_at) as due_at, bool_or(t.state = 'breached') as overdue
    from sla_timer t
    where t.sector_id = any($1::text[])
        and (t.state in ('running', 'paused') or (t.state = 'breached' and t.met_at is null))
    group by t.conversation_id
),
place as (
    select c.id, c.last_message_at, coalesce(k.due_at, '9999-01-01 00:00:00+00'::timestamptz) as due_place
    from conversation c
    left join clock k on k.conversation_id = c.id
    where c.sector_id = any($1::text[]) and c.state = any($2::text[])
        and (not $3::boolean or k.overdue)
        and ($4::text is null or c.queue_id = $4)
        and ($5::bigint is null or c.owner_id = $5)
),
page as (
    select id, last_message_at, due_place
    from place
    where $6::timestamptz is null or due_place > $6
        or (due_place = $6 and (last_message_at, id) < ($7::timestamptz, $8::bigint))
    order by due_place, last_message_at desc, id desc
    limit $9
)
select s.*, page.due_place
from page
join conversation_summary s on s.id = page.id
order by page.due_place, page.last_message_at desc, page.id desc
