"""A repeated command gets its first result, nothing else's, and only from those who may still read it."""

import hashlib
from typing import Any

import pytest
from factories import make_conversation, make_message, make_viewer
from live_server import LiveServer

from server.domain.model import Author, MessageStatus, Presence, Role


async def test_an_id_used_for_something_else_is_a_conflict(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    one, other = [await make_conversation(server.pool, owner=salma) for _ in range(2)]
    id = {"command_id": "the-same-one"}
    async with server.console(salma) as console:
        first = await console.post(f"/api/conversations/{one.id}/read", id)
        assert await console.post(f"/api/conversations/{one.id}/read", id) == first
        for path, body in (
            (f"/api/conversations/{one.id}/notes", {"text": "Careful"}),
            (f"/api/conversations/{one.id}/labels", {"label": "vip", "on": True}),
            (f"/api/conversations/{one.id}/replies", {"text": "Hello", "based_on_version": first["version"]}),
            (f"/api/conversations/{one.id}/resolve", {}),
            (f"/api/conversations/{other.id}/read", {}),
        ):
            refused = await console.post(path, id | body, status=409)
            assert refused["type"] == "/problems/conflict", path
    assert await server.pool.fetchval("select count(*) from note") == 0
    assert await server.pool.fetchval("select count(*) from outbox") == 0


_CHOICES = {"kind": "choices", "text": "Which?", "options": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}


@pytest.mark.parametrize(
    ("path", "first", "others", "status"),
    [
        ("conversations/{talk}/notes", {"text": "Careful"}, [{"text": "Careful!"}], 201),
        (
            "conversations/{talk}/replies",
            {"text": "Hello", "based_on_version": 0},
            [{"text": "Good evening"}, {"reply_to": "{said}"}],
            201,
        ),
        (
            "conversations/{talk}/messages",
            {"outgoing": _CHOICES, "based_on_version": 0},
            [{"outgoing": _CHOICES | {"footer": "x"}}, {"outgoing": {"kind": "text", "text": "Which?"}}],
            201,
        ),
        ("messages/{said}/reaction", {"emoji": "👍"}, [{"emoji": "🎉"}, {"emoji": ""}], 201),
        (
            "conversations/{talk}/labels",
            {"label": "vip", "on": True},
            [{"on": False}, {"label": "complaint"}],
            200,
        ),
        (
            "conversations/{talk}/transfer",
            {"queue": "portfolios", "note": "Bonds"},
            [{"queue": "financial"}, {"note": "Shares"}, {"queue": None, "advisor_id": "{karim}"}],
            200,
        ),
        (
            "conversations/{talk}/transfer",
            {"advisor_id": "{karim}", "note": "Bonds"},
            [{"advisor_id": "{mona}"}, {"note": ""}],
            200,
        ),
        ("conversations/{talk}/reassign", {"advisor_id": "{karim}"}, [{"advisor_id": "{mona}"}], 200),
    ],
)  # fmt: skip
async def test_an_id_used_again_with_other_content_is_a_conflict(
    server: LiveServer, path: str, first: dict[str, Any], others: list[dict[str, Any]], status: int
) -> None:
    nadia, karim, mona = [
        await make_viewer(server.pool, name, role=role, presence=Presence.ONLINE)
        for name, role in (("Nadia", Role.SUPERVISOR), ("Karim", Role.ADVISOR), ("Mona", Role.ADVISOR))
    ]
    talk = await make_conversation(server.pool, owner=nadia)
    ids = {
        "talk": talk.id, "said": await make_message(server.pool, talk.id), "karim": karim.user_id, "mona": mona.user_id
    }  # fmt: skip

    def filled(given: dict[str, Any]) -> dict[str, Any]:
        named = {f"{{{name}}}": id for name, id in ids.items()}
        return {
            name: named.get(value, value) if isinstance(value, str) else value for name, value in given.items()
        } | {"command_id": "the-same-one"}  # fmt: skip

    async with server.console(nadia) as console:
        body, address = filled(first), f"/api/{path.format(**ids)}"
        done = await console.post(address, body, status=status)
        before = await everything(server)
        for other in others:
            refused = await console.post(address, body | filled(other), status=409)
            assert refused["type"] == "/problems/conflict", other
            assert refused["detail"] == "This command was given before, for something else."
        # Whatever order the fields come in.
        repeated = await console.post(address, dict(reversed(body.items())), status=status)
        assert repeated == done
    assert await everything(server) == before


async def everything(server: LiveServer) -> list[int]:
    return [
        await server.pool.fetchval(f"select count(*) from {table}")
        for table in ("event", "note", "outbox", "reaction", "command", "assignment")
    ]


async def test_a_repeat_that_has_seen_more_of_the_conversation_gets_the_first_result(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    talk = await make_conversation(server.pool, owner=salma)
    body = {"command_id": "the-same-one", "text": "Hello"}
    async with server.console(salma) as console:
        path = f"/api/conversations/{talk.id}/replies"
        first = await console.post(path, body | {"based_on_version": 0}, status=201)
        assert await console.post(path, body | {"based_on_version": first["version"]}, status=201) == first


async def test_what_was_given_is_kept_as_a_digest_that_any_process_finds_again(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    talk = await make_conversation(server.pool, owner=salma)
    path, body = f"/api/conversations/{talk.id}/notes", {"command_id": "the-same-one", "text": "Careful"}
    async with server.console(salma) as console:
        first = await console.post(path, body, status=201)
        kept = await server.pool.fetchval("select result from command")
        assert kept["digest"] == hashlib.sha256(b'"Careful"').hexdigest()
        assert kept["act"] == f"note {talk.id}"
        # As a version before this one kept it.
        await server.pool.execute("update command set result = result - 'digest'")
        assert await console.post(path, body, status=201) == first


async def test_nobody_learns_which_numbers_are_taken_beyond_the_wall(server: LiveServer) -> None:
    salma, hani = await make_viewer(server.pool), await make_viewer(server.pool, "Hani", sectors=("education",))
    talk = await make_conversation(server.pool, owner=salma)
    message = await make_message(
        server.pool, talk.id, author=Author.ADVISOR, author_id=salma.user_id, status=MessageStatus.FAILED
    )
    paths = ("/api/messages/{}/retry", "/api/messages/{}/discard", "/api/conversations/{}/resolve",
             "/api/conversations/{}/notes", "/api/offers/{}/accept")  # fmt: skip
    body = {"command_id": "guess-0001", "text": "x"}
    async with server.console(hani) as console:
        for path in paths:
            taken = message if "messages" in path else talk.id
            answers = [await console.post(path.format(number), body, status=404) for number in (taken, 123_456_789)]
            assert answers[0] == answers[1], path
