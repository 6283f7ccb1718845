-- name: queues
-- Of each queue: who waits, what of that is being offered, and how its conversations stand with their nearest SLA
-- timer. Whoever is being offered waits too, in every figure of waiting alike.
with waits as (
    select queue_id, count(*) as waiting, min(entered_at) as since,
        count(*) filter (where priority = 'urgent') as urgent, count(*) filter (where priority = 'high') as high,
        count(*) filter (where priority = 'normal') as normal, count(*) filter (where priority = 'low') as low
    from (
        select queue_id, entered_at, priority from waiting where sector_id = any($1::text[])
        union all
        select queue_id, entered_at, priority from offer where sector_id = any($1::text[]) and state = 'pending'
    ) customer
    group by queue_id
),
offered as (
    select queue_id, count(*) as offers_out
    from offer where sector_id = any($1::text[]) and state = 'pending'
    group by queue_id
),
-- Whoever waits for what nobody online can do. Places do not count: a full advisor is there and will be free.
able as materialized (
    select s.sector_id, array(select k.skill_id from user_skill k where k.user_id = a.user_id) as skills
    from advisor a
    join "user" u on u.id = a.user_id and u.active and u.role = 'advisor'
    join user_sector s on s.user_id = a.user_id and s.sector_id = any($1::text[])
    where a.capacity > 0 and a.presence = 'online'
        and exists (select from presence_lease l where l.user_id = a.user_id and l.expires_at > now())
),
unserved as (
    select kind.queue_id, sum(kind.customers)::bigint as customers
    from (
        select queue_id, sector_id, skills, count(*) as customers
        from waiting where sector_id = any($1::text[])
        group by queue_id, sector_id, skills
    ) kind
    where not exists (select from able where able.sector_id = kind.sector_id and kind.skills <@ able.skills)
    group by kind.queue_id
),
-- One conversation may have two timers at work; the worse one counts.
standing as (
    select c.queue_id,
        max(case when t.state = 'breached' then 3
            when t.state = 'running' and t.warn_at <= now() then 2 else 1 end) as level
    from sla_timer t
    join conversation c on c.id = t.conversation_id
    where t.sector_id = any($1::text[]) and c.queue_id is not null
        and (t.state in ('running', 'paused') or (t.state = 'breached' and t.met_at is null))
    group by c.id, c.queue_id
),
sla as (
    select queue_id, count(*) filter (where level = 1) as ok, count(*) filter (where level = 2) as due_soon,
        count(*) filter (where level = 3) as breached
    from standing group by queue_id
)
select q.id, q.sector_id, coalesce(w.waiting, 0) as waiting, w.since as longest_wait_since,
    coalesce(w.urgent, 0) as urgent, coalesce(w.high, 0) as high, coalesce(w.normal, 0) as normal,
    coalesce(w.low, 0) as low, coalesce(o.offers_out, 0) as offers_out,
    coalesce(n.customers, 0) as unserved,
    coalesce(s.ok, 0) as ok, coalesce(s.due_soon, 0) as due_soon, coalesce(s.breached, 0) as breached
from queue q
left join waits w on w.queue_id = q.id
left join offered o on o.queue_id = q.id
left join unserved n on n.queue_id = q.id
left join sla s on s.queue_id = q.id
where q.sector_id = any($1::text[]) and (q.active or w.waiting > 0)
order by q.sector_id, q.id

-- name: helpers
-- Asked only where somebody waits for nobody.
with advisors as materialized (
    select u.id, u.name, s.sector_id,
        array(select k.skill_id from user_skill k where k.user_id = a.user_id) as skills,
        a.presence = 'online'
            and exists (select from presence_lease l where l.user_id = a.user_id and l.expires_at > now()) as online
    from advisor a
    join "user" u on u.id = a.user_id and u.active and u.role = 'advisor'
    join user_sector s on s.user_id = a.user_id and s.sector_id = any($1::text[])
    where a.capacity > 0
),
kind as (
    select distinct queue_id, sector_id, skills from waiting where sector_id = any($1::text[])
)
select distinct kind.queue_id, a.id, a.name
from kind
join advisors a on a.sector_id = kind.sector_id and kind.skills <@ a.skills
where not exists (
    select from advisors o where o.online and o.sector_id = kind.sector_id and kind.skills <@ o.skills)
order by kind.queue_id, a.name, a.id

-- name: people
-- Who takes conversations in these sectors, as they are now. Whoever has no live socket is away from the work,
-- whatever their presence row still says. The load is the person's whole load: places are shared between sectors.
select u.id, u.name, u.role,
    array(select s.sector_id from user_sector s where s.user_id = u.id and s.sector_id = any($1::text[]) order by 1)
        as sectors,
    case when exists (select from presence_lease l where l.user_id = u.id and l.expires_at > now())
        then a.presence else 'offline' end as presence,
    a.presence_since, a.capacity,
    (select count(*) from conversation c where c.owner_id = u.id and c.state = 'assigned') as load,
    (select count(*) from offer o where o.advisor_id = u.id and o.state = 'pending') as offers
from advisor a
join "user" u on u.id = a.user_id
where u.active and exists (select from user_sector s where s.user_id = u.id and s.sector_id = any($1::text[]))
order by u.name, u.id

-- name: totals
select state, count(*) as conversations
from conversation
where sector_id = any($1::text[]) and state in ('bot', 'queued', 'offered', 'assigned', 'snoozed')
group by state
