"""What happens to conversations, for tests that watch it arrive."""

from factories import make_message

from server.actions.unit import Services, unit
from server.domain.events import MessageReceived, OfferMade
from server.store.pool import Pool


async def customer_writes(services: Services, conversation_id: int, text: str = "Good morning") -> None:
    """As intake stores it."""
    message_id = await make_message(services.pool, conversation_id, text=text)
    async with unit(services) as work:
        conversation = await work.lock(conversation_id)
        fact = MessageReceived(message_id=message_id)
        work.record(conversation, fact, actor="customer", user_id=conversation.owner_id)


async def offer(services: Services, conversation_id: int, advisor_id: int) -> int:
    """As matching makes it."""
    async with unit(services) as work:
        conversation = await work.lock(conversation_id)
        conversation.state = type(conversation.state).OFFERED
        expires_at = await work.connection.fetchval("select now() + interval '30 seconds'")
        offer_id: int = await work.connection.fetchval(
            "insert into offer (conversation_id, sector_id, queue_id, advisor_id, priority, entered_at, offered_at,"
            " expires_at) values ($1, $2, $3, $4, $5, now(), now(), $6) returning id",
            conversation_id, conversation.sector_id, conversation.queue_id, advisor_id, conversation.priority.value,
            expires_at,
        )  # fmt: skip
        fact = OfferMade(offer_id=offer_id, advisor_id=advisor_id, expires_at=expires_at)
        work.record(conversation, fact, actor="system", user_id=advisor_id)
    return offer_id


async def commit_unseen(pool: Pool, conversation_id: int) -> int:
    """An event whose process died between its commit and its word to anybody."""
    event_id: int = await pool.fetchval(
        "with moved as (update conversation set version = version + 1 where id = $1 returning version, sector_id,"
        " last_message_id)"
        " insert into event (stream, version, kind, actor, sector_id, conversation_id, data)"
        " select 'conversation:' || $1::bigint, version, 'MessageReceived', 'customer', sector_id, $1,"
        " jsonb_build_object('message_id', last_message_id) from moved returning id",
        conversation_id,
    )
    return event_id
