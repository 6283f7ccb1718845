-- name: expect
insert into profile (identity_id) select * from unnest($1::bigint[]) on conflict do nothing

-- name: claim
-- Never asked, or asked long ago and heard from since. Pushed ahead at once, so that nobody else asks meanwhile.
with due as materialized (
    select p.identity_id, p.fetched_at
    from profile p
    where p.run_at <= now()
    order by p.run_at
    limit $1
    for update skip locked
), heard as (
    select d.identity_id, x.inbox_id
    from due d
    join identity i on i.id = d.identity_id
    cross join lateral (
        select c.inbox_id, c.last_message_at from conversation c
        join inbox on inbox.id = c.inbox_id and inbox.active
        where c.contact_id = i.contact_id
            and (inbox.channel, inbox.external_id) in (
                (case i.kind when 'page_user' then 'messenger' else 'instagram' end, i.scope))
            and (d.fetched_at is null or c.last_inbound_at > d.fetched_at)
        order by c.last_message_at desc
        limit 1
    ) x
), asked as (
    update profile p set run_at = now() + make_interval(secs => $2), attempts = p.attempts + 1
    from heard h where p.identity_id = h.identity_id
    returning p.identity_id, p.attempts, p.picture_source, p.picture_key, h.inbox_id
), rested as (
    update profile p set run_at = now() + interval '1 day'
    from due d where p.identity_id = d.identity_id and d.identity_id not in (select identity_id from heard)
)
select a.identity_id, a.attempts, a.inbox_id, a.picture_source, a.picture_key, i.value, i.contact_id
from asked a join identity i on i.id = a.identity_id

-- name: next_due
select extract(epoch from min(run_at) - now())::float8 from profile

-- name: learn
update identity set name = case when $2 = '' then name else $2 end, username = coalesce($3, username)
where id = $1 and (name, username) is distinct from (case when $2 = '' then name else $2 end, coalesce($3, username))
returning contact_id

-- name: known
update profile
set fetched_at = now(), run_at = now() + make_interval(secs => $2), attempts = 0, trouble = $3
where identity_id = $1

-- name: again
update profile set run_at = now() + make_interval(secs => $2), trouble = $3 where identity_id = $1

-- name: keep_picture
-- The file that was promised to be deleted is named now; the one before it is named no more.
with before as materialized (
    select picture_key from profile where identity_id = $1 and picture_key is distinct from $2
), kept as (
    delete from file_to_delete where key = $2
), replaced as (
    insert into file_to_delete (key, delete_after) select picture_key, now() from before where picture_key is not null
    on conflict do nothing
)
update profile set picture_key = $2, picture_type = $3, picture_source = $4 where identity_id = $1

-- name: picture
select p.picture_key as key, p.picture_type as mime_type, i.contact_id
from profile p join identity i on i.id = p.identity_id
where p.identity_id = $1 and p.picture_key is not null

-- name: answering_to
-- The unresolved conversations that name this identity. Not locked.
select id from conversation where contact_id = (select contact_id from identity where id = $1) and identity_id = $1
    and state <> 'resolved'
order by id
