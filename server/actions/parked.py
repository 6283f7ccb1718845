"""News that came before we knew the message it is about: kept for a while, applied once the message is known."""

from server.actions.status_moves import StatusMoves
from server.actions.statuses import by_person
from server.actions.unit import Unit
from server.store import messages


async def settle_statuses(work: Unit) -> int:
    """Applies parked statuses whose messages are known by now; returns how many were looked at."""
    rows = await messages.parked_and_known(work.connection)
    if not rows:
        return 0
    await work.lock_many(sorted({row.conversation_id for row in rows}))
    keys = sorted({(row.inbox_id, row.provider_id) for row in rows})
    known = {(each.inbox_id, each.provider_id): each for each in await messages.by_provider_ids(work.connection, keys)}
    moving = StatusMoves(work)
    for parked in sorted(await messages.take_parked(work.connection, keys), key=lambda each: each.at):
        message = known[parked.inbox_id, parked.provider_id]
        moving.to(message, parked.status, parked.at, parked.failure)
        moving.prices.note(message.conversation_id, message.id, parked.status, parked.body)
    await moving.write()
    return len(rows)


async def settle_watermarks(work: Unit) -> int:
    """Applies watermarks that came while something was out: it may turn out to have been sent before them."""
    rows = await messages.parked_watermarks(work.connection)
    if not rows:
        return 0
    await work.lock_many(sorted({row.conversation_id for row in rows}))
    pairs = sorted({(row.inbox_id, row.contact_id) for row in rows})
    unread = by_person(await messages.unread_of_contacts(work.connection, pairs))
    moving = StatusMoves(work)
    for row in sorted(rows, key=lambda each: each.at):
        for known in unread.get((row.inbox_id, row.contact_id), ()):
            if known.provider_at <= row.at:
                moving.to(known, row.status, row.at, None)
    await messages.forget_watermarks(work.connection, sorted({row.id for row in rows if not row.still_out}))
    await moving.write()
    return len(rows)
