from collections.abc import AsyncIterator

import pytest
from live_server import LiveServer, live_server


@pytest.fixture
async def server(database: str) -> AsyncIterator[LiveServer]:
    """A web process of ours on a port of its own."""
    async with live_server(database) as running:
        yield running
