"""Answering, and what is written beside: replies, failed messages, notes, drafts."""

from litestar import post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server.actions import drafts, notes, reply
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import StaleReply
from server.store import views
from server.web import present, wire
from server.web.commands import Command, Draft, NewNote, Reply
from server.web.parameters import PathId
from server.web.snapshots import presenter


@post("/api/conversations/{conversation_id:int}/replies")
async def reply_to(
    conversation_id: PathId, data: JSONBody[Reply], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Replied:  # fmt: skip
    """The owner answers. Refused as `stale-reply`, with what changed, when others acted since `based_on_version`."""
    try:
        result = await reply.reply(
            services, viewer, conversation_id, command_id=data.command_id, text=data.text,
            based_on_version=data.based_on_version, reply_to=data.reply_to,
        )  # fmt: skip
    except StaleReply as stale:
        raise _in_words(stale, services, viewer) from None
    return await _replied(services, viewer, result)


@post("/api/messages/{message_id:int}/retry", status_code=200)
async def retry(
    message_id: PathId, data: JSONBody[Command], services: NamedDependency[Services], viewer: NamedDependency[Viewer]
) -> wire.Replied:
    """Sends a failed or uncertain message once more."""
    return await _replied(services, viewer, await reply.retry(services, viewer, message_id, data.command_id))


@post("/api/messages/{message_id:int}/discard", status_code=200)
async def discard(
    message_id: PathId, data: JSONBody[Command], services: NamedDependency[Services], viewer: NamedDependency[Viewer]
) -> wire.Replied:
    """Lets a failed or uncertain message be, or stops one that has not left yet."""
    return await _replied(services, viewer, await reply.discard(services, viewer, message_id, data.command_id))


@post("/api/conversations/{conversation_id:int}/notes")
async def add_note(
    conversation_id: PathId, data: JSONBody[NewNote], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> wire.Note:  # fmt: skip
    """An internal note: colleagues see it, the customer never does."""
    result = await notes.add(services, viewer, conversation_id, text=data.text, command_id=data.command_id)
    async with services.pool.acquire() as connection:
        return present.note(await views.note(connection, result["note_id"]))


@put("/api/conversations/{conversation_id:int}/draft", status_code=204)
async def keep_draft(
    conversation_id: PathId, data: JSONBody[Draft], services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
) -> None:  # fmt: skip
    """Keeps what was typed; an empty text drops it."""
    await drafts.keep(services, viewer, conversation_id, data.text)


async def _replied(services: Services, viewer: Viewer, result: dict[str, int]) -> wire.Replied:
    async with services.pool.acquire() as connection:
        row = await views.message(connection, result["message_id"])
    return wire.Replied(message=presenter(services, viewer).message(row), version=result["version"])


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
