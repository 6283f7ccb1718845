"""Conversations with something to send, and what became of it."""

from datetime import timedelta
from typing import Any

from conftest import TestServices
from factories import make_conversation, make_viewer

from server.actions.deliver import Deliverer
from server.actions.reply import reply
from server.actions.send import send
from server.actions.unit import unit
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import Author, Purpose
from server.domain.outgoing import Text
from server.store.vault import Vault, generate_key

VAULT = Vault([generate_key()])


def another(services: TestServices, graph: GraphClient) -> Deliverer:
    return Deliverer(services, graph, VAULT, default_token="TOKEN")


async def talk(services: TestServices, **more: Any) -> Conversation:
    owner = more.pop("owner", None) or await make_viewer(services.pool)
    return await make_conversation(services.pool, owner=owner, **more)


async def say(services: TestServices, conversation: Conversation, *texts: str, purpose: Purpose = Purpose.REPLY) -> int:
    message_id = 0
    for text in texts:
        async with unit(services) as work:
            locked = await work.lock(conversation.id)
            message_id = await send(
                work, locked, Text(text), author=Author.ADVISOR, author_id=locked.owner_id, purpose=purpose
            )
    return message_id


async def answer(services: TestServices, viewer: Viewer, talk: Conversation, text: str = "Hello", **more: Any) -> Any:
    """As the owner, in the console."""
    given: dict[str, Any] = {"command_id": "c1", "based_on_version": talk.version} | more
    return await reply(services, viewer, talk.id, text=text, **given)


async def message(services: TestServices, message_id: int) -> dict[str, Any]:
    return dict(await services.pool.fetchrow("select * from message where id = $1", message_id) or {})


async def rows(services: TestServices) -> list[tuple[str, int]]:
    return [
        (row["state"], row["attempts"])
        for row in await services.pool.fetch("select state, attempts from outbox order by id")
    ]


async def pass_time(services: TestServices, seconds: float) -> None:
    """Makes everything in the outbox that much older."""
    await services.pool.execute(
        "update outbox set run_at = run_at - $1::interval, lease_expires_at = lease_expires_at - $1::interval,"
        " holds_until = holds_until - $1::interval",
        timedelta(seconds=seconds),
    )


def moved(services: TestServices) -> list[str]:
    return [each.data["status"] for each in services.publisher.events if each.kind == "MessageMoved"]
