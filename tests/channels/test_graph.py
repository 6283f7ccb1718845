"""What is certain about a send after its call, against a server that plays Meta."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from playing_meta import Meta, drop, error, says, stall

from server.channels.graph import Accepted, GraphClient, Outcome, Refused, Unknown, Unsent
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox


def inbox(channel: Channel = Channel.WHATSAPP, api: str = "facebook") -> Inbox:
    return Inbox(id="financial-whatsapp", sector="financial", channel=channel, names={}, external_id="700", api=api)


@pytest.fixture
async def meta() -> AsyncIterator[Meta]:
    async with Meta() as playing:
        yield playing


async def send(meta: Meta, channel: Channel = Channel.WHATSAPP, *, api: str = "facebook", **more: Any) -> Outcome:
    async with meta.client(more.pop("timeout_seconds", 5)) as graph:
        return await graph.send(inbox(channel, api), "TOKEN", {"type": "text", "recipient": {"id": "8001"}}, **more)


async def test_accepted_with_token_in_the_header_only(meta: Meta) -> None:
    meta.answer = says(200, {"messages": [{"id": "wamid.B1"}]})
    assert await send(meta) == Accepted("wamid.B1")
    [request] = meta.requests
    assert request.path_qs == "/fb/v26.0/700/messages"
    assert request.headers["Authorization"] == "Bearer TOKEN"
    assert meta.sends[0]["type"] == "text"


async def test_instagram_login_has_its_own_host(meta: Meta) -> None:
    meta.answer = says(200, {"recipient_id": "8001", "message_id": "ig_B"})
    assert await send(meta, Channel.INSTAGRAM, api="instagram") == Accepted("ig_B")
    assert meta.requests[0].path == "/ig/v26.0/700/messages"


async def test_instagram_by_facebook_login_is_sent_by_its_page(meta: Meta) -> None:
    known = msgspec.structs.replace(inbox(Channel.INSTAGRAM), page_id="500")
    async with meta.client() as graph:
        await graph.send(known, "TOKEN", {"recipient": {"id": "8001"}, "message": {"text": "Hi"}})
        await graph.act(known, "TOKEN", {"recipient": {"id": "8001"}, "sender_action": "typing_on"})
    assert [request.path for request in meta.requests] == ["/fb/v26.0/500/messages"] * 2


async def test_the_proof_goes_along_when_asked(meta: Meta) -> None:
    await send(meta, app_secret="example-app-secret")
    assert len(meta.requests[0].query["appsecret_proof"]) == 64


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 503])
async def test_an_error_of_metas_is_a_definite_no(meta: Meta, status: int) -> None:
    meta.answer = says(status, error(131056))
    outcome = await send(meta)
    assert outcome == Refused(Failure(131056, None, "No", "because"))


async def test_retry_after_is_read(meta: Meta) -> None:
    meta.answer = says(400, error(4), {"Retry-After": "7"})
    outcome = await send(meta)
    assert isinstance(outcome, Refused)
    assert outcome.retry_after == 7


@pytest.mark.parametrize(("code", "subcode"), [(1, 99), (1, 1357046), (2, None)])
async def test_messenger_may_have_sent_what_it_reports_as_an_error(meta: Meta, code: int, subcode: int | None) -> None:
    meta.answer = says(500, error(code, subcode))
    outcome = await send(meta, Channel.MESSENGER)
    assert isinstance(outcome, Unknown)
    assert outcome.failure is not None
    assert isinstance(await send(meta, Channel.WHATSAPP), Refused)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, None), (502, "<html>Bad gateway</html>"), (503, ""), (504, {"error": "no object"}), (500, [1]),
        (500, {"error": {"code": "x"}}), (200, {}), (200, "OK"), (200, {"messages": [{"id": ""}]}), (200, [1]),
        (301, ""), (408, ""),
    ],
)  # fmt: skip
async def test_a_gateways_word_proves_nothing(meta: Meta, status: int, body: Any) -> None:
    meta.answer = says(status, body)
    assert isinstance(await send(meta), Unknown)


@pytest.mark.parametrize(("status", "code"), [(404, -1), (429, 4)])
async def test_a_refusal_before_meta_is_a_no(meta: Meta, status: int, code: int) -> None:
    meta.answer = says(status, "no")
    outcome = await send(meta)
    assert isinstance(outcome, Refused)
    assert outcome.failure.code == code


async def test_a_code_written_as_text_is_read(meta: Meta) -> None:
    meta.answer = says(400, error("131047"))
    outcome = await send(meta)
    assert isinstance(outcome, Refused)
    assert outcome.failure.code == 131047


async def test_silence_after_the_request_is_uncertain(meta: Meta) -> None:
    meta.answer = stall
    assert await send(meta, timeout_seconds=0.2) == Unknown("TimeoutError")
    assert len(meta.requests) == 1


async def test_a_connection_dropped_after_the_request_is_uncertain(meta: Meta) -> None:
    meta.answer = drop
    assert isinstance(await send(meta), Unknown)
    assert len(meta.requests) == 1


async def test_nobody_there_is_surely_unsent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid", f"https://127.0.0.1:{port}", "nonsense"):
        async with GraphClient(graph_url=url, instagram_graph_url=url, version="v26.0", timeout_seconds=3) as graph:
            assert isinstance(await graph.send(inbox(), "TOKEN", {}), Unsent), url


async def test_a_token_no_header_can_carry_is_surely_unsent(meta: Meta) -> None:
    async with GraphClient(graph_url="http://127.0.0.1:9", instagram_graph_url="", version="v26.0") as graph:
        assert isinstance(await graph.send(inbox(), "A\r\nB: c", {}), Unsent)
