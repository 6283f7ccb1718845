-- name: keep
insert into draft (user_id, conversation_id, text) values ($1, $2, $3)
on conflict (user_id, conversation_id) do update set text = excluded.text, updated_at = now()

-- name: drop
delete from draft where user_id = $1 and conversation_id = $2
