"""Meta's door over a real socket: what is stored, what is refused, and with which status."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
import uvicorn
from arriving import apply_all, inbox_of, whatsapp
from conftest import TestServices
from litestar import Litestar

from server.actions import journal as journal_action
from server.actions.journal import Journal
from server.channels.signature import sign
from server.store.pool import open_pool
from server.web import webhooks
from server.web.webhooks import WebhookKeys, webhook_route

SECRET, OLD_SECRET = "newest-secret", "older-secret"
KEYS = WebhookKeys({"default": (SECRET, OLD_SECRET)}, {"default": ("handshake",)})


class Door:
    def __init__(self, port: int, http: aiohttp.ClientSession) -> None:
        self.port = port
        self._http = http

    async def post(self, body: bytes, signature: str | None = None) -> tuple[int, dict[str, str]]:
        headers = {} if signature is None else {"X-Hub-Signature-256": signature}
        async with self._http.post("/webhooks/meta", data=body, headers=headers) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}

    async def get(self, **query: str) -> tuple[int, str]:
        async with self._http.get("/webhooks/meta", params={f"hub.{k}": v for k, v in query.items()}) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def door(services: TestServices) -> AsyncIterator[Door]:
    async with serving(Journal(services.pool, services.waker)) as opened:
        yield opened


@contextlib.asynccontextmanager
async def serving(journal: Journal) -> AsyncIterator[Door]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = Litestar([webhook_route(journal, lambda: KEYS)], openapi_config=None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_keep_alive=75))
    task = asyncio.create_task(server.serve([listener]))
    port = listener.getsockname()[1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        yield Door(port, http)
    server.should_exit = True
    await task


async def journalled(services: TestServices) -> list[bytes]:
    return [row[0] for row in await services.pool.fetch("select body from journal order by id")]


async def test_the_handshake_answers_the_challenge_only_for_the_token(door: Door) -> None:
    assert await door.get(mode="subscribe", verify_token="handshake", challenge="11584") == (200, "11584")
    assert (await door.get(mode="subscribe", verify_token="guess", challenge="11584"))[0] == 403
    assert (await door.get(mode="unsubscribe", verify_token="handshake", challenge="11584"))[0] == 403
    assert (await door.get())[0] == 403


async def test_the_raw_bytes_are_stored_before_the_answer(door: Door, services: TestServices) -> None:
    body = json.dumps(whatsapp(inbox_of(services, "financial"), "مرحبا")).encode()
    status, _ = await door.post(body, sign(body, SECRET))
    assert status == 200
    assert await journalled(services) == [body]


async def test_while_rotating_every_configured_secret_is_accepted(door: Door, services: TestServices) -> None:
    body = b'{"object":"page","entry":[]}'
    assert (await door.post(body, sign(body, OLD_SECRET)))[0] == 200
    assert len(await journalled(services)) == 1


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=00", "sha1=abc", "sha256=" + "é" * 64])
async def test_an_unsigned_or_wrongly_signed_body_is_refused(
    door: Door, services: TestServices, signature: str | None
) -> None:
    assert (await door.post(b'{"object":"page"}', signature))[0] == 403
    assert await journalled(services) == []


async def test_a_reserialised_body_does_not_pass_under_the_original_signature(
    door: Door, services: TestServices
) -> None:
    original = b'{"object":"page","entry":[{"id":"1","text":"caf\\u00e9"}]}'
    reserialised = '{"object":"page","entry":[{"id":"1","text":"café"}]}'.encode()
    assert (await door.post(reserialised, sign(original, SECRET)))[0] == 403
    assert (await door.post(original, sign(original, SECRET)))[0] == 200
    assert await journalled(services) == [original]


async def test_a_body_over_the_limit_is_refused_announced_or_not(door: Door, services: TestServices) -> None:
    large = b"x" * (webhooks.BODY_LIMIT + 1)
    with contextlib.suppress(aiohttp.ClientError):
        assert (await door.post(large, sign(large, SECRET)))[0] == 413
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"POST /webhooks/meta HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(80):
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
    writer.close()
    assert await journalled(services) == []


async def test_a_body_that_does_not_come_is_given_up(
    door: Door, services: TestServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"POST /webhooks/meta HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
    async with asyncio.timeout(30):
        line = await reader.readline()
    assert b" 408 " in line
    writer.close()
    assert await journalled(services) == []


async def test_signed_but_strange_bodies_are_kept_and_answered_200(door: Door, services: TestServices) -> None:
    strange = [
        b"", b"null", b"42", b"{}", b"[]", b"not json", b'{"object":"page","entry":', b'{"object":null,"entry":{}}',
        b'{"object":"moon","entry":[{"id":"1"}]}', b"[" * 200_000, b'{"a":' * 50_000, b"\x00\x01\xff",
        b'{"object":"page","object":"instagram","entry":[]}',
        b'{"object":"page","entry":[{"messaging":[{"message":"x"}]}]}',
        b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"moon","value":{}}]}]}',
    ]  # fmt: skip
    for body in strange:
        assert (await door.post(body, sign(body, SECRET)))[0] == 200, body[:60]
    await apply_all(services)
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0
    assert await services.pool.fetchval("select count(*) from quarantine") >= 5


async def test_when_the_journal_cannot_be_written_meta_is_told_to_come_again(
    services: TestServices, database: str
) -> None:
    gone = await open_pool(database)
    await gone.close()
    body = b'{"object":"page","entry":[]}'
    async with serving(Journal(gone, services.waker)) as door:
        status, headers = await door.post(body, sign(body, SECRET))
    assert status == 503
    assert int(headers["retry-after"]) > 0


async def test_when_too_much_waits_in_memory_meta_is_told_to_come_again(
    door: Door, services: TestServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_action, "WAITING_BYTES", 10)
    body = b'{"object":"page","entry":[]}'
    assert (await door.post(body, sign(body, SECRET)))[0] == 503


async def test_requests_that_arrive_together_share_commits(door: Door, services: TestServices) -> None:
    bodies = [json.dumps({"object": "page", "entry": [], "n": n}).encode() for n in range(200)]
    answers = await asyncio.gather(*(door.post(body, sign(body, SECRET)) for body in bodies))
    assert {status for status, _ in answers} == {200}
    assert sorted(await journalled(services)) == sorted(bodies)
    commits = await services.pool.fetchval("select count(distinct xmin::text) from journal")
    assert commits < len(bodies) / 2


async def test_other_methods_are_not_allowed(door: Door) -> None:
    async with aiohttp.request("PUT", f"http://127.0.0.1:{door.port}/webhooks/meta") as answer:
        assert answer.status == 405


async def test_unfinished_bodies_together_hold_little_memory(
    door: Door, services: TestServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PARTIAL_BYTES", 100_000)
    stuck = []
    for _ in range(4):
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"POST /webhooks/meta HTTP/1.1\r\nhost: x\r\ncontent-length: 50000\r\n\r\n" + b"x" * 40_000)
        await writer.drain()
        stuck.append((reader, writer))
    async with asyncio.timeout(30):
        lines = [await reader.readline() for reader, _ in stuck[2:]]
    assert any(b" 503 " in line for line in lines)
    body = b'{"object":"page","entry":[]}'
    assert (await door.post(body, sign(body, SECRET)))[0] == 200
    for _, writer in stuck:
        writer.close()
    async with asyncio.timeout(30):
        while webhooks._Partial.held:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_handshake_with_too_many_fields_is_refused(door: Door) -> None:
    assert (await door.get(**{f"f{n}": "x" for n in range(30)}))[0] == 403


async def test_when_no_connection_comes_free_meta_is_told_to_come_again(
    services: TestServices, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_action, "CONNECTION_SECONDS", 0.2)
    narrow = await open_pool(database, size=1)
    body = b'{"object":"page","entry":[]}'
    async with serving(Journal(narrow, services.waker)) as opened:
        async with narrow.acquire():
            status, headers = await opened.post(body, sign(body, SECRET))
        assert (status, headers["retry-after"]) == (503, "2")
        assert (await opened.post(body, sign(body, SECRET)))[0] == 200
    await narrow.close()
