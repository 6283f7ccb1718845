-- name: price
-- A message is priced on `sent` and once more when it arrived: the later word counts, whichever came first.
update message m
set pricing = n.raw, pricing_category = n.category, pricing_type = n.type, billable = n.billable
from unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[], $5::jsonb[], $6::boolean[])
    as n (id, category, type, billable, raw, arrived)
where m.id = n.id and (m.pricing is null or n.arrived)

-- name: of_month
-- Meta charges for what was delivered. Each inbox by its own month.
select m.inbox_id, m.pricing_category as category, m.pricing_type as type, m.billable, count(*)::integer as count
from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as n (inbox_id, begins, ends)
join message m on m.inbox_id = n.inbox_id and m.delivered_at >= n.begins and m.delivered_at < n.ends
where m.pricing_category is not null and m.sector_id = any($4::text[])
group by m.inbox_id, m.pricing_category, m.pricing_type, m.billable
