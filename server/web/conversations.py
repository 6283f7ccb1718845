"""Conversations: lists, threads, and what people do with them besides answering."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server.actions import lifecycle
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import Invalid
from server.web import boards, snapshots, wire
from server.web.commands import Command, Reassign, Transfer
from server.web.parameters import PathId, QueryId, QueryWord


@get("/api/conversations")
async def conversation_list(
    services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
    view: QueryWord = "all",
    sector: QueryWord = None,
    queue: QueryWord = None,
    owner: QueryId = None,
    before: QueryWord = None,
) -> wire.ConversationPage:
    """The newest first, 50 a page; `next` goes into `before`.

    Views: all (unresolved), queued, assigned, bot, resolved, mine. Supervisors see all of their sectors, advisors what
    they hold or held.
    """
    return await snapshots.conversations(
        services, viewer, view=view or "all", sector=sector, queue=queue, owner=owner, before=before
    )


@get("/api/conversations/{conversation_id:int}")
async def conversation(
    conversation_id: PathId, services: NamedDependency[Services], viewer: NamedDependency[Viewer]
) -> wire.Thread:
    """One conversation opened: newest messages, notes, facts, context, draft, and what one may do."""
    return await snapshots.thread(services, viewer, conversation_id)


@get("/api/conversations/{conversation_id:int}/messages")
async def older_messages(
    conversation_id: PathId,
    services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
    before: QueryId = None,
) -> wire.MessagePage:
    """The 50 messages before a message, ascending."""
    if before is None:
        raise Invalid("Say before which message.", field="before")
    return await snapshots.older_messages(services, viewer, conversation_id, before)


@post("/api/conversations/{conversation_id:int}/resolve", status_code=200)
async def resolve(
    conversation_id: PathId, data: JSONBody[Command], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """Ends it; a later message of the customer opens it again or a new one."""
    result = await lifecycle.resolve(services, viewer, conversation_id, command_id=data.command_id)
    return msgspec.convert(result, wire.Moved)


@post("/api/conversations/{conversation_id:int}/hand-back", status_code=200)
async def hand_back(
    conversation_id: PathId, data: JSONBody[Command], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """Back to its queue, with the age it has."""
    result = await lifecycle.hand_back(services, viewer, conversation_id, command_id=data.command_id)
    return msgspec.convert(result, wire.Moved)


@post("/api/conversations/{conversation_id:int}/take-over", status_code=200)
async def take_over(
    conversation_id: PathId, data: JSONBody[Command], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """A supervisor takes it, wherever it is."""
    result = await lifecycle.take_over(services, viewer, conversation_id, command_id=data.command_id)
    return msgspec.convert(result, wire.Moved)


@post("/api/conversations/{conversation_id:int}/read", status_code=200)
async def mark_read(
    conversation_id: PathId, data: JSONBody[Command], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """The owner has seen the newest message."""
    result = await lifecycle.mark_read(services, viewer, conversation_id, command_id=data.command_id)
    return msgspec.convert(result, wire.Moved)


@post("/api/conversations/{conversation_id:int}/transfer", status_code=200)
async def transfer(
    conversation_id: PathId, data: JSONBody[Transfer], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """To another queue of the sector, or to a colleague who is here and has a free place."""
    if data.queue is not None and data.advisor_id is None:
        result = await lifecycle.transfer_to_queue(
            services, viewer, conversation_id, queue_id=data.queue, command_id=data.command_id, note=data.note
        )
    elif data.advisor_id is not None and data.queue is None:
        result = await lifecycle.transfer_to_advisor(
            services, viewer, conversation_id, advisor_id=data.advisor_id, command_id=data.command_id, note=data.note
        )
    else:
        raise Invalid("Name either a queue or a colleague.", field="queue")
    return msgspec.convert(result, wire.Moved)


@post("/api/conversations/{conversation_id:int}/reassign", status_code=200)
async def reassign(
    conversation_id: PathId, data: JSONBody[Reassign], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Moved:  # fmt: skip
    """A supervisor gives it to somebody who is here."""
    result = await lifecycle.reassign(
        services, viewer, conversation_id, advisor_id=data.advisor_id, command_id=data.command_id
    )
    return msgspec.convert(result, wire.Moved)


@get("/api/transfer-targets")
async def transfer_targets(
    services: NamedDependency[Services], viewer: NamedDependency[Viewer], conversation: QueryId = None
) -> wire.TransferTargets:
    """Where the conversation may go: queues of its sector, people who take conversations there."""
    if conversation is None:
        raise Invalid("Say which conversation.", field="conversation")
    return await boards.transfer_targets(services, viewer, conversation)
