"""The board and the people and queues a conversation may go to, as structs of the wire."""

from server.actions.unit import Services
from server.domain.access import Viewer, sees_board
from server.domain.errors import Forbidden
from server.domain.model import ConversationState, Role
from server.store import board, views
from server.store.board import Helper, PersonRow, QueueRow
from server.web import wire
from server.web.present import Presenter
from server.web.snapshots import expect_readable, presenter

_COUNTED = (ConversationState.BOT, ConversationState.QUEUED, ConversationState.OFFERED)


async def read(services: Services, viewer: Viewer) -> wire.Board:
    """Raises `Forbidden` for those who steer nothing."""
    if not sees_board(viewer):
        raise Forbidden("The board is for supervisors.")
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        start = await views.cursor(connection)
        queues = await board.queues(connection, viewer.sectors)
        alone = any(each.unserved for each in queues)
        helpers = await board.helpers(connection, viewer.sectors) if alone else []
        people = await board.people(connection, viewer.sectors)
        totals = await board.totals(connection, viewer.sectors)
    # A supervisor takes conversations only by stepping in.
    shown = [each for each in people if each.role is Role.ADVISOR or each.load]
    bot, queued, offered = (totals.get(state, 0) for state in _COUNTED)
    held = totals.get(ConversationState.ASSIGNED, 0) + totals.get(ConversationState.SNOOZED, 0)
    return wire.Board(
        as_of=start.now, cursor=start.cursor, queues=[_queue(speak, each, helpers) for each in queues],
        advisors=[_advisor(each) for each in shown],
        totals=wire.Totals(bot=bot, queued=queued, offered=offered, assigned=held),
    )  # fmt: skip


async def transfer_targets(services: Services, viewer: Viewer, conversation_id: int) -> wire.TransferTargets:
    """Within the conversation's sector, without its present owner and those who only step in."""
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        await expect_readable(connection, viewer, conversation_id)
        row = (await views.summaries(connection, [conversation_id]))[conversation_id]
        people = await board.people(connection, [row.sector_id])
    queues = [each for each in services.organisation().queues.values() if each.sector == row.sector_id]
    return wire.TransferTargets(
        queues=[wire.NamedEntity(id=each.id, name=speak.queue_name(each.id) or each.id) for each in queues],
        advisors=[_colleague(each) for each in people if each.id != row.owner_id and each.capacity],
    )


def _queue(speak: Presenter, row: QueueRow, helpers: list[Helper]) -> wire.BoardQueue:
    return wire.BoardQueue(
        id=row.id, name=speak.queue_name(row.id) or row.id, sector=row.sector_id,
        sector_name=speak.sector(row.sector_id).name, waiting=row.waiting, longest_wait_since=row.longest_wait_since,
        by_priority=wire.ByPriority(urgent=row.urgent, high=row.high, normal=row.normal, low=row.low),
        offers_out=row.offers_out, unserved=row.unserved,
        helpers=[wire.Named(id=each.id, name=each.name) for each in helpers if each.queue_id == row.id],
        sla=wire.SlaStanding(ok=row.ok, due_soon=row.due_soon, breached=row.breached),
    )  # fmt: skip


def _advisor(row: PersonRow) -> wire.BoardAdvisor:
    return wire.BoardAdvisor(
        id=row.id, name=row.name, sectors=list(row.sectors), presence=row.presence, presence_since=row.presence_since,
        load=row.load, capacity=row.capacity, offers=row.offers,
    )  # fmt: skip


def _colleague(row: PersonRow) -> wire.Colleague:
    return wire.Colleague(
        id=row.id, name=row.name, presence=row.presence, load=row.load + row.offers, capacity=row.capacity
    )
