"""Conversations: lists, threads, and what people do with them besides answering."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from server.actions import lifecycle
from server.domain.errors import Invalid
from server.web import boards, snapshots, wire
from server.web.commands import Command, Reassign, Transfer
from server.web.parameters import Asker, Ours, PathId, QueryId, QueryWord


@get("/api/conversations")
async def conversation_list(
    services: Ours,
    viewer: Asker,
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
async def conversation(conversation_id: PathId, services: Ours, viewer: Asker) -> wire.Thread:
    """One conversation opened: newest messages, notes, facts, context, draft, and what one may do."""
    return await snapshots.thread(services, viewer, conversation_id)


@get("/api/conversations/{conversation_id:int}/messages")
async def older_messages(
    conversation_id: PathId, services: Ours, viewer: Asker, before: QueryId = None
) -> wire.MessagePage:
    """The 50 messages before a message, ascending."""
    if before is None:
        raise Invalid("Say before which message.", field="before")
    return await snapshots.older_messages(services, viewer, conversation_id, before)


@post("/api/conversations/{conversation_id:int}/resolve", status_code=200)
async def resolve(conversation_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Moved:
    """Ends it; a later message of the customer opens it again or a new one."""
    return _moved(await lifecycle.resolve(services, viewer, conversation_id, command_id=data.command_id))


@post("/api/conversations/{conversation_id:int}/hand-back", status_code=200)
async def hand_back(conversation_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Moved:
    """Back to its queue, with the age it has."""
    return _moved(await lifecycle.hand_back(services, viewer, conversation_id, command_id=data.command_id))


@post("/api/conversations/{conversation_id:int}/take-over", status_code=200)
async def take_over(conversation_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Moved:
    """A supervisor takes it, wherever it is."""
    return _moved(await lifecycle.take_over(services, viewer, conversation_id, command_id=data.command_id))


@post("/api/conversations/{conversation_id:int}/read", status_code=200)
async def mark_read(conversation_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Moved:
    """The owner has seen the newest message."""
    return _moved(await lifecycle.mark_read(services, viewer, conversation_id, command_id=data.command_id))


@post("/api/conversations/{conversation_id:int}/transfer", status_code=200)
async def transfer(conversation_id: PathId, data: JSONBody[Transfer], services: Ours, viewer: Asker) -> wire.Moved:
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
    return _moved(result)


@post("/api/conversations/{conversation_id:int}/reassign", status_code=200)
async def reassign(conversation_id: PathId, data: JSONBody[Reassign], services: Ours, viewer: Asker) -> wire.Moved:
    """A supervisor gives it to somebody who is here."""
    result = await lifecycle.reassign(
        services, viewer, conversation_id, advisor_id=data.advisor_id, command_id=data.command_id
    )
    return _moved(result)


@get("/api/transfer-targets")
async def transfer_targets(services: Ours, viewer: Asker, conversation: QueryId = None) -> wire.TransferTargets:
    """Where the conversation may go: queues of its sector, people who take conversations there."""
    if conversation is None:
        raise Invalid("Say which conversation.", field="conversation")
    return await boards.transfer_targets(services, viewer, conversation)


def _moved(result: dict[str, Any]) -> wire.Moved:
    return msgspec.convert(result, wire.Moved)
