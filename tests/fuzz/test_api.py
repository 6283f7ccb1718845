"""Bad input to the JSON API: never a 5xx, always a problem+json, and it names the field."""

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import msgspec
import pytest
from factories import make_conversation, make_message, make_viewer
from fuzz.questions import Operation, Question, operations, questions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_server import Console, LiveServer, live_server
from yarl import URL

from server.domain.model import Author, Channel, MessageStatus, Presence, Role

EXAMPLES = 400


@pytest.fixture
async def console(database: str) -> AsyncIterator[Console]:
    """A supervisor's, who holds some conversations and reads all of them."""
    async with contextlib.AsyncExitStack() as stack:
        server: LiveServer = await stack.enter_async_context(live_server(database))
        nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR, presence=Presence.ONLINE)
        await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
        for channel in (*Channel, Channel.WHATSAPP):
            talk = await make_conversation(server.pool, owner=nadia, channel=channel)
            await make_message(
                server.pool, talk.id, author=Author.ADVISOR, author_id=nadia.user_id, status=MessageStatus.FAILED
            )
        yield await stack.enter_async_context(server.console(nadia))


@settings(
    max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.differing_executors],
)  # fmt: skip
@given(operation=st.sampled_from(operations()), data=st.data())
async def test_bad_input_is_refused_by_the_name_of_its_field(
    console: Console, operation: Operation, data: st.DataObject
) -> None:
    question: Question = data.draw(questions(operation))
    headers = {**console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf, "Accept": "application/json"}
    if question.body is not None:
        headers["Content-Type"] = "application/json"
    address = URL(console.url + question.path, encoded=True)
    async with console.http.request(
        operation.method, address, data=question.body, headers=headers, allow_redirects=False
    ) as answer:
        text = await answer.read()
        assert answer.status < 500, text
        assert answer.status != 401
        if answer.status < 400:
            return
        assert answer.content_type == "application/problem+json"
        problem = msgspec.json.decode(text)
        assert {"type", "title", "status", "detail"} <= problem.keys()
        assert problem["status"] == answer.status
        if problem["type"] == "/problems/invalid" and question.names_fields:
            fields = {each["field"].split(".")[-1] for each in problem.get("errors", ())}
            assert fields, problem
            assert fields <= operation.names, problem


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(("/sign-in", "/sign-out", "/sign-in/link/x")), body=st.binary(max_size=300))
async def test_forms_take_any_bytes(console: Console, path: str, body: bytes) -> None:
    form = {"Origin": console.url, "Content-Type": "application/x-www-form-urlencoded"}
    for headers in (form, form | console.cookie, form | {"Content-Type": "multipart/form-data; boundary=x"}):
        async with aiohttp.request("POST", console.url + path, data=body, headers=headers) as answer:
            assert answer.status < 500, await answer.read()
