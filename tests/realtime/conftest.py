from collections.abc import AsyncIterator

import pytest
from live_server import LiveServer, live_server


@pytest.fixture(autouse=True)
def quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A beat with every turn, so that tests wait a second instead of five."""
    monkeypatch.setattr("server.realtime.feed.BEAT_TURNS", 1)


@pytest.fixture
async def server(database: str) -> AsyncIterator[LiveServer]:
    """A web process of ours on a port of its own."""
    async with live_server(database) as running:
        yield running
