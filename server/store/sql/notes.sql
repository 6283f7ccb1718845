-- name: add
insert into note (conversation_id, sector_id, author_id, text) values ($1, $2, $3, $4) returning id
