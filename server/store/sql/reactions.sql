-- name: put
-- The newest word of each side counts, however late older news comes; '' took the sign away and stays for that reason.
insert into reaction as r (message_id, by, emoji, user_id, at)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
on conflict (message_id, by) do update
set emoji = excluded.emoji, user_id = excluded.user_id, at = excluded.at
where excluded.at >= r.at
