"""Answering, and what is written beside: replies, failed messages, notes, drafts."""

from typing import Any

from litestar import post, put
from litestar.params import JSONBody

from server.actions import drafts, notes, reactions, reply, speak
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import StaleReply
from server.domain.outgoing import Text
from server.domain.saying import Saying
from server.store import views
from server.web import present, wire
from server.web.commands import Command, Draft, NewNote, React, Reply, Speak
from server.web.parameters import Asker, Ours, PathId
from server.web.snapshots import presenter


@post("/api/conversations/{conversation_id:int}/replies")
async def reply_to(conversation_id: PathId, data: JSONBody[Reply], services: Ours, viewer: Asker) -> wire.Replied:
    """The owner answers. Refused as `stale-reply`, with what changed, when others acted since `based_on_version`."""
    return await _spoken(services, viewer, conversation_id, data, Text(data.text))


@post("/api/conversations/{conversation_id:int}/messages")
async def say(conversation_id: PathId, data: JSONBody[Speak], services: Ours, viewer: Asker) -> wire.Replied:
    """The owner says anything the channel takes. Refused as `reply_to` is, and as `invalid` with the limit's name."""
    return await _spoken(services, viewer, conversation_id, data, data.outgoing)


@post("/api/messages/{message_id:int}/reaction")
async def react(message_id: PathId, data: JSONBody[React], services: Ours, viewer: Asker) -> wire.Replied:
    """Puts an emoji on a customer's message, or takes ours off with ''. Returns that message."""
    result = await reactions.react(services, viewer, message_id, command_id=data.command_id, emoji=data.emoji)
    return await _replied(services, viewer, result)


@post("/api/messages/{message_id:int}/retry", status_code=200)
async def retry(message_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Replied:
    """Sends a failed or uncertain message once more."""
    return await _replied(services, viewer, await reply.retry(services, viewer, message_id, data.command_id))


@post("/api/messages/{message_id:int}/discard", status_code=200)
async def discard(message_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Replied:
    """Lets a failed or uncertain message be, or stops one that has not left yet."""
    return await _replied(services, viewer, await reply.discard(services, viewer, message_id, data.command_id))


@post("/api/conversations/{conversation_id:int}/notes")
async def add_note(conversation_id: PathId, data: JSONBody[NewNote], services: Ours, viewer: Asker) -> wire.Note:
    """An internal note: colleagues see it, the customer never does."""
    result = await notes.add(services, viewer, conversation_id, text=data.text, command_id=data.command_id)
    async with services.pool.acquire() as connection:
        return present.note(await views.note(connection, result["note_id"]))


@put("/api/conversations/{conversation_id:int}/draft", status_code=204)
async def keep_draft(conversation_id: PathId, data: JSONBody[Draft], services: Ours, viewer: Asker) -> None:
    """Keeps what was typed; an empty text drops it."""
    await drafts.keep(services, viewer, conversation_id, data.text)


async def _spoken(
    services: Services, viewer: Viewer, conversation_id: int, data: Reply | Speak, saying: Saying
) -> wire.Replied:
    try:
        result = await speak.speak(
            services, viewer, conversation_id, command_id=data.command_id, saying=saying,
            based_on_version=data.based_on_version, reply_to=data.reply_to,
        )  # fmt: skip
    except StaleReply as stale:
        raise _in_words(stale, services, viewer) from None
    return await _replied(services, viewer, result)


async def _replied(services: Services, viewer: Viewer, result: dict[str, Any]) -> wire.Replied:
    tell = presenter(services, viewer).message
    async with services.pool.acquire() as connection:
        message = tell(await views.message(connection, result["message_id"]))
        also = [tell(await views.message(connection, each)) for each in result.get("also", ())]
    return wire.Replied(message=message, version=result["version"], also=also)


def _in_words(stale: StaleReply, services: Services, viewer: Viewer) -> StaleReply:
    """The same refusal, its changes told in the reader's language."""
    speak = presenter(services, viewer)
    found = stale.extra.get("changes")
    changes = [
        wire.Change(
            kind=each["kind"], at=each["at"], actor_name=each["actor_name"],
            words=speak.words(each["kind"], each["data"], each["actor_name"], each["subject_name"]),
        )
        for each in (found if isinstance(found, list) else [])
    ]  # fmt: skip
    return StaleReply(stale.detail, **stale.extra | {"changes": changes})
