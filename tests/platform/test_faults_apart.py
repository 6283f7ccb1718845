"""One thing that is wrong stops itself and nothing else."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import uvicorn
from arriving import inbox_of, whatsapp
from conftest import TestServices

from server import app
from server.actions.current import CurrentOrganisation
from server.actions.unit import Topic
from server.channels.signature import sign
from server.settings import read_settings
from server.store.pool import Pool
from server.store.vault import generate_key

SECRET = "the-default-app"


async def test_an_app_whose_secret_cannot_be_read_leaves_the_others_their_intake(
    services: TestServices, database: str, tmp_path: Path
) -> None:
    await services.pool.execute(
        """insert into meta_app (id, definition) values
           ('broken', '{"id": "broken", "secret": "file:/run/secrets/app", "verify_token": "env:V"}')"""
    )
    await services.pool.execute("update organisation set version = version + 1")
    environment = {
        "DATABASE_URL": database, "MAJLIS_KEY": generate_key(), "MAJLIS_DATA": str(tmp_path), "META_APP_SECRET": SECRET,
    }  # fmt: skip
    application = app.build(read_settings(environment))
    await application.start()
    try:
        assert "broken" in application.services.organisation().apps
        async with serving(application) as http:
            body = whatsapp(inbox_of(services, "financial"), "Good morning")
            assert await post(http, body, SECRET) == 200
            assert await post(http, body, "file:/run/secrets/app") == 403
    finally:
        await application.stop()
    assert await services.pool.fetchval("select count(*) from journal") == 1


async def test_the_organisation_is_followed_again_after_a_version_that_cannot_be_read(pool: Pool) -> None:
    current = CurrentOrganisation(pool)
    await current.refresh()
    known = current().version
    await pool.execute("update meta_app set definition = definition || '{\"id\": 7}'")
    await pool.execute("update organisation set version = version + 1")
    follow = asyncio.create_task(current.follow(_Hasty()))
    await asyncio.sleep(0.3)
    assert not follow.done()
    assert current().version == known

    await pool.execute('update meta_app set definition = definition || \'{"id": "default"}\'')
    async with asyncio.timeout(30):
        while current().version != known + 1:  # noqa: ASYNC110 - nothing rings when it was read
            await asyncio.sleep(0.02)
    follow.cancel()


async def test_a_vanished_machine_does_not_hold_its_locks_for_hours(pool: Pool) -> None:
    assert await pool.fetchval("show idle_in_transaction_session_timeout") == "15s"


@contextlib.asynccontextmanager
async def serving(application: app.Application) -> AsyncIterator[aiohttp.ClientSession]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(application.asgi, log_level="critical", lifespan="off", timeout_keep_alive=75)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.getsockname()[1]}") as http:
        yield http
    server.should_exit = True
    await task


async def post(http: aiohttp.ClientSession, body: object, secret: str) -> int:
    raw = json.dumps(body).encode()
    async with http.post("/webhooks/meta", data=raw, headers={"X-Hub-Signature-256": sign(raw, secret)}) as answer:
        return answer.status


class _Hasty:
    async def wait(self, topic: Topic, timeout: float | None, listener: str = "") -> bool:
        await asyncio.sleep(0.02)
        return True
