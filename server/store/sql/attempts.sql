-- name: last
select id, state, purpose, payload ->> 'kind' as kind, category
from outbox where message_id = $1 order by seq desc limit 1 for update

-- name: of_message
-- Every try at a message, the first one leading.
select o.state, o.attempts as calls, o.created_at, o.sending_at, o.finished_at, o.failure
from outbox o
where o.message_id = $1
order by o.seq

-- name: close
-- A person decided: the attempts so far end here, also one that waits; not one whose call is out.
-- An uncertain one may have been the one private reply to its comment, and stays it.
update outbox
set state = 'failed', finished_at = now(), holds_until = null, failure = coalesce(failure, $2),
    comment_id = case when state = 'uncertain' then comment_id end
where message_id = $1 and state in ('queued', 'uncertain')

-- name: try_again
-- A new attempt under a new local id, after everything said so far. An answer in private quotes nothing.
insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient, payload,
    tag, category, comment_id)
select o.conversation_id, o.sector_id, o.bots, o.inbox_id, o.message_id, $2, o.purpose, o.opening, o.recipient,
    case when $4::text is null then o.payload else o.payload - 'reply_to' end, $3, o.category, $4
from outbox o
where o.id = $1

-- name: reset_message
update message
set status = $2, status_at = now(), failure = null, provider_id = null, provider_at = now(), delivered_at = null,
    pricing = null, pricing_category = null, pricing_type = null, billable = null
where id = $1

-- name: mark_message
update message set status = $2, status_at = now() where id = $1
