"""What may be quoted and what takes a reaction: what the console is told, and what the server holds to."""

from typing import Any

import pytest
from factories import make_conversation, make_message, make_viewer
from live_server import Console, LiveServer

from server.domain.access import Viewer
from server.domain.model import Author, Channel
from server.web import i18n

# What each is called when it is refused; None where it is taken.
_TAKEN_BACK = "The customer took this message back."
_OURS = "Only a customer's message takes a reaction."
CASES = [
    ({}, None, None),
    ({"kind": "story_reply"}, None, None),
    ({"author": Author.ADVISOR}, None, _OURS),
    (
        {"kind": "comment"},
        "A public comment cannot be quoted: everybody would read the answer.",
        "A public comment takes no reaction here: everybody would see it.",
    ),
    *(
        (
            {"kind": kind},
            "This line says nothing that could be quoted.",
            "This line is no message that takes a reaction.",
        )
        for kind in ("system", "handover", "optin", "reaction", "call_ended")
    ),
    ({"revoked": True}, _TAKEN_BACK, _TAKEN_BACK),
    (
        {"author": Author.ADVISOR, "unnamed": True},
        "Meta does not know this message yet, so it cannot be quoted.",
        _OURS,
    ),
]  # fmt: skip


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool, "Salma Fathy")


async def pointed_at(server: LiveServer, talk_id: int, given: dict[str, Any]) -> int:
    made = {name: value for name, value in given.items() if name not in ("revoked", "unnamed")}
    message = await make_message(server.pool, talk_id, **made)
    if given.get("revoked"):
        await server.pool.execute("update message set revoked_at = now() where id = $1", message)
    if given.get("unnamed"):
        await server.pool.execute("update message set provider_id = null, status = 'queued' where id = $1", message)
    return message


async def quote(console: Console, talk_id: int, message_id: int, status: int, command: str = "quoting-1") -> Any:
    version = (await console.get(f"/api/conversations/{talk_id}"))["conversation"]["version"]
    body = {"command_id": command, "based_on_version": version, "reply_to": message_id}
    said = {"outgoing": {"kind": "text", "text": "About this"}}
    problem = await console.post(f"/api/conversations/{talk_id}/messages", body | said, status=status)
    other = await console.post(
        f"/api/conversations/{talk_id}/replies", body | {"text": "About this"}, status=status
    )  # fmt: skip
    # The same answer by the older way: a repeat when it was taken, the same refusal when it was not.
    assert other == problem
    return problem


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.INSTAGRAM])
@pytest.mark.parametrize(("given", "unquotable", "unreactable"), CASES)
async def test_what_the_console_may_not_do_the_server_refuses(
    server: LiveServer, salma: Viewer, channel: Channel, given: dict[str, Any], unquotable: str, unreactable: str
) -> None:
    talk = await make_conversation(server.pool, owner=salma, channel=channel)
    about = await pointed_at(server, talk.id, given)
    async with server.console(salma) as console:
        shown = (await console.get(f"/api/conversations/{talk.id}"))["messages"]
        told = next((each["may"] for each in shown if each["id"] == about), None)
        if told is not None:
            assert told == {"react": unreactable is None, "quote": unquotable is None}
        put = {"command_id": "reacting-1", "emoji": "❤️"}
        reacted = await console.post(f"/api/messages/{about}/reaction", put, status=422 if unreactable else 201)
        quoted = await quote(console, talk.id, about, 422 if unquotable else 201)
    for answer, field, words in ((reacted, "message_id", unreactable), (quoted, "reply_to", unquotable)):
        if words is not None:
            assert answer["type"] == "/problems/invalid"
            assert answer["errors"] == [{"field": field, "detail": words}]
    left = await server.pool.fetchval("select count(*) from outbox")
    assert left == (unquotable is None) + (unreactable is None)
    assert await server.pool.fetchval("select count(*) from reaction") == (unreactable is None)


async def test_a_quote_that_is_not_in_this_conversation_is_refused_not_dropped(
    server: LiveServer, salma: Viewer
) -> None:
    talk, own_other = [await make_conversation(server.pool, owner=salma) for _ in range(2)]
    hani = await make_viewer(server.pool, "Hani", sectors=("education",))
    beyond = await make_conversation(server.pool, owner=hani, channel=Channel.MESSENGER)
    elsewhere = [await make_message(server.pool, each.id) for each in (own_other, beyond)]
    async with server.console(salma) as console:
        refused = [await quote(console, talk.id, each, 422) for each in (0, 123_456_789, *elsewhere)]
    words = "The message to be quoted is not in this conversation."
    assert all(each["errors"] == [{"field": "reply_to", "detail": words}] for each in refused)
    # Nobody learns which numbers are taken beyond the wall.
    assert all(each == refused[0] for each in refused)
    assert await server.pool.fetchval("select count(*) from outbox") == 0


async def test_a_refused_quote_is_told_in_the_readers_language(server: LiveServer) -> None:
    laila = await make_viewer(server.pool, "Laila", language="ar")
    talk = await make_conversation(server.pool, owner=laila)
    about = await make_message(server.pool, talk.id, kind="system")
    async with server.console(laila) as console:
        refused = await quote(console, talk.id, about, 422)
    assert refused["detail"] == i18n.catalogue("ar").texts["This line says nothing that could be quoted."]
