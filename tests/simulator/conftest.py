"""A simulator on a real port, a product's callback that only remembers, and a Graph client."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from simulator.meta_side import BUSINESSES, SECRET, Meta, Receiver

from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.serving import running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    kept = Receiver()
    app = web.Application()
    app.router.add_post("/webhooks/meta", kept.take)
    app.router.add_get("/webhooks/meta", kept.greet)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    kept.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/meta"
    yield kept
    await runner.cleanup()


@pytest.fixture
def config(receiver: Receiver, tmp_path: Path) -> SimulatorConfig:
    accounts = inboxes.from_document(BUSINESSES)
    return SimulatorConfig(
        callback=receiver.url,
        inboxes=accounts.inboxes,
        secret=SECRET,
        verify_token="verify-me",
        pace=0.0,
        retry_ceiling_seconds=0.2,
        log=tmp_path / "meta.jsonl",
        seed=7,
    )


@pytest.fixture
async def meta(config: SimulatorConfig) -> AsyncIterator[Meta]:
    async with running(config) as place, aiohttp.ClientSession() as session:
        yield Meta(place, session, config)


@pytest.fixture
def set_switches(meta: Meta) -> Callable[..., None]:
    def turn(**values: Any) -> None:
        meta.world.switches = msgspec.structs.replace(meta.world.switches, **values)

    return turn
