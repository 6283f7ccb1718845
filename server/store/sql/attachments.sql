-- name: add
insert into attachment (conversation_id, sector_id, inbox_id, message_id, place, kind, state, reason, media_id, url,
    sha256, mime_type, name, voice, animated)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::boolean[], $15::boolean[])

-- name: claim
-- First attempts before later ones: what keeps failing holds up nothing new. An expired lease is a dead fetcher's.
update attachment a
set state = 'fetching', attempts = a.attempts + 1, lease_expires_at = now() + make_interval(secs => $2)
from (
    select id from attachment
    where (state = 'waiting' and run_at <= now()) or (state = 'fetching' and lease_expires_at < now())
    order by attempts, run_at, id
    limit $1
    for update skip locked
) due
where a.id = due.id
returning a.id, a.conversation_id, a.inbox_id, a.message_id, a.kind, a.media_id, a.url, a.sha256, a.mime_type,
    a.name, a.attempts, a.created_at, now() as claimed_at

-- name: renew
update attachment a set lease_expires_at = now() + make_interval(secs => $3)
from unnest($1::bigint[], $2::integer[]) as n (id, attempts)
where a.id = n.id and a.attempts = n.attempts and (a.state = 'fetching' or a.upload = 'uploading')

-- name: release
-- As if they had not been touched.
update attachment a
set state = case when a.state = 'fetching' then 'waiting' else a.state end,
    upload = case when a.upload = 'uploading' then 'due' else a.upload end,
    attempts = a.attempts - 1, run_at = now(), lease_expires_at = null
from unnest($1::bigint[], $2::integer[]) as n (id, attempts)
where a.id = n.id and a.attempts = n.attempts and (a.state = 'fetching' or a.upload = 'uploading')

-- name: next_due
-- When the next fetch or upload is due; null when nothing waits.
select extract(epoch from min(due.at) - now())::float8 from (
    select min(run_at) as at from attachment where state = 'waiting'
    union all
    select min(lease_expires_at) from attachment where state = 'fetching'
    union all
    select min(case when a.upload = 'due' then a.run_at else a.lease_expires_at end)
    from attachment a
    join inbox i on i.id = a.inbox_id and i.paused_at is null
    where a.state = 'stored' and a.upload in ('due', 'uploading')
) due

-- name: keep_stored
-- Only by who holds it, and not what was taken back meanwhile. The address it came from is worth nothing now.
with kept as (
    update attachment
    set kind = $12, state = 'stored', reason = null, storage_key = $3, thumbnail_key = $4, size = $5, digest = $6, mime_type = $7,
        width = $8, height = $9, duration_seconds = $10, animated = animated or $11, url = null,
        lease_expires_at = null, stored_at = now()
    where id = $1 and attempts = $2 and state = 'fetching'
    returning id
), promised as (
    delete from file_to_delete where key in ($3, $4) and exists (select from kept)
)
select id from kept

-- name: keep_failed
update attachment
set state = 'failed', reason = $3, lease_expires_at = null, url = null
where id = $1 and attempts = $2 and state = 'fetching'
returning id

-- name: wait_again
update attachment
set state = 'waiting', reason = $3, run_at = now() + make_interval(secs => $4), lease_expires_at = null
where id = $1 and attempts = $2 and state = 'fetching'

-- name: hasten
update attachment set run_at = now()
where inbox_id = $1 and ((state = 'waiting' and reason = 'no_access') or upload = 'due')

-- name: take_back
-- Of messages that were taken back: what readers are shown of a file goes, and the file itself with the next sweep.
with taken as (
    select id, storage_key, thumbnail_key from attachment where message_id = any($1::bigint[]) for update
), gone as (
    insert into file_to_delete (key, delete_after)
    select key, now() from taken cross join lateral (values (storage_key), (thumbnail_key)) as keys (key)
    where key is not null
    on conflict (key) do update set delete_after = excluded.delete_after
)
update attachment a
set state = 'failed', reason = 'taken_back', storage_key = null, thumbnail_key = null, url = null, media_id = null,
    name = null, sha256 = null, digest = null, width = null, height = null, duration_seconds = null, size = null,
    lease_expires_at = null
from taken where a.id = taken.id

-- name: readable
-- The same rule as `views.readable`; an unsent one is its uploader's alone, one taken back nobody's.
select a.id, a.conversation_id, a.message_id, a.kind, a.state, a.reason, a.storage_key, a.thumbnail_key, a.size, a.digest,
    a.mime_type, a.name, a.width, a.height, a.duration_seconds, a.voice, a.animated
from attachment a
join conversation c on c.id = a.conversation_id
left join message m on m.id = a.message_id
where a.id = $1 and a.sector_id = any($2::text[]) and c.sector_id = any($2::text[])
    and (a.message_id is not null or a.uploaded_by = $3) and m.revoked_at is null
    and ($4 or c.owner_id = $3
        or exists (select from assignment s where s.conversation_id = c.id and s.advisor_id = $3))

-- name: public
-- What Meta may fetch by a signed address: only what we send.
select a.id, a.conversation_id, a.message_id, a.kind, a.state, a.reason, a.storage_key, a.thumbnail_key, a.size, a.digest,
    a.mime_type, a.name, a.width, a.height, a.duration_seconds, a.voice, a.animated
from attachment a
join message m on m.id = a.message_id
where a.id = $1 and a.state = 'stored' and m.direction = 'outbound'

-- name: next_id
select nextval(pg_get_serial_sequence('attachment', 'id'))

-- name: promise_deletion
-- Before a file is written that no row names yet: what a dead process leaves behind goes with a sweep.
insert into file_to_delete (key, delete_after)
select key, now() + interval '1 day' from unnest($1::text[]) as n (key)
on conflict (key) do nothing

-- name: add_upload
with added as (
    insert into attachment (id, conversation_id, sector_id, inbox_id, kind, state, mime_type, name, voice, animated,
        storage_key, thumbnail_key, size, digest, width, height, duration_seconds, uploaded_by, stored_at)
    overriding system value
    values ($1, $2, $3, $4, $5, 'stored', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, now())
)
delete from file_to_delete where key in ($10, $11)

-- name: drop_upload
-- By its uploader, while it is unsent.
with gone as (
    delete from attachment where id = $1 and uploaded_by = $2 and message_id is null
    returning id, storage_key, thumbnail_key
), keys as (
    insert into file_to_delete (key, delete_after)
    select key, now() from gone cross join lateral (values (storage_key), (thumbnail_key)) as keys (key)
    where key is not null
    on conflict (key) do update set delete_after = excluded.delete_after
)
select id from gone

-- name: drop_unsent
with gone as (
    delete from attachment where id in (
        select id from attachment
        where message_id is null and created_at < now() - make_interval(secs => $1)
        limit 500
        for update skip locked)
    returning storage_key, thumbnail_key
), keys as (
    insert into file_to_delete (key, delete_after)
    select key, now() from gone cross join lateral (values (storage_key), (thumbnail_key)) as keys (key)
    where key is not null
    on conflict (key) do update set delete_after = excluded.delete_after
)
select count(*) from gone

-- name: to_delete
select key from file_to_delete where delete_after < now() order by delete_after limit 200

-- name: deleted
delete from file_to_delete where key = any($1::text[])

-- name: unsent
-- Locked: it is sent once.
select id, kind, state, mime_type, name, size, voice, animated
from attachment
where id = $1 and conversation_id = $2 and uploaded_by = $3 and message_id is null and state = 'stored'
for update

-- name: attach
-- From now on it is part of a message; where the channel wants the file first, that message waits for it.
update attachment
set message_id = $2, attempts = 0, run_at = now(), upload = case when $3 then 'due' end
where id = $1 and message_id is null

-- name: upload_again
-- Before a new attempt: what Meta has forgotten or refused is brought there once more.
update attachment
set upload = 'due', upload_failure = null, provider_media_id = null, attempts = 0, run_at = now()
where message_id = $1 and (upload = 'failed' or (upload = 'done' and provider_media_at < now() - interval '25 days'))

-- name: claim_uploads
-- Not for a paused inbox: with its token the message leaves too.
update attachment a
set upload = 'uploading', attempts = a.attempts + 1, lease_expires_at = now() + make_interval(secs => $2)
from (
    select u.id from attachment u
    join inbox i on i.id = u.inbox_id and i.paused_at is null
    where u.state = 'stored'
        and ((u.upload = 'due' and u.run_at <= now()) or (u.upload = 'uploading' and u.lease_expires_at < now()))
    order by u.attempts, u.run_at, u.id
    limit $1
    for update of u skip locked
) due
where a.id = due.id
returning a.id, a.inbox_id, a.kind, a.mime_type, a.name, a.size, a.storage_key, a.attempts

-- name: uploaded
update attachment
set upload = 'done', provider_media_id = $3, provider_media_at = now(), lease_expires_at = null
where id = $1 and attempts = $2 and upload = 'uploading'

-- name: upload_failed
update attachment
set upload = 'failed', upload_failure = $3, lease_expires_at = null
where id = $1 and attempts = $2 and upload = 'uploading'

-- name: upload_later
update attachment
set upload = 'due', run_at = now() + make_interval(secs => $3), lease_expires_at = null
where id = $1 and attempts = $2 and upload = 'uploading'

-- name: sendable
select id, kind, mime_type, name, voice, provider_media_id, upload_failure as failure
from attachment where id = any($1::bigint[])
