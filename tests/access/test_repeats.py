"""A repeated command gets its first result, nothing else's, and only from those who may still read it."""

from factories import make_conversation, make_message, make_viewer
from live_server import LiveServer

from server.domain.model import Author, MessageStatus


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
