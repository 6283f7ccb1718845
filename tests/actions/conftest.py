from collections.abc import AsyncIterator

import pytest
from conftest import TestServices
from delivering import another
from factories import make_viewer
from playing_meta import Meta

from server.actions.deliver import Deliverer
from server.channels.graph import GraphClient
from server.domain.access import Viewer


@pytest.fixture
async def meta() -> AsyncIterator[Meta]:
    async with Meta() as playing:
        yield playing


@pytest.fixture
async def graph(meta: Meta) -> AsyncIterator[GraphClient]:
    async with meta.client(0.5) as client:
        yield client


@pytest.fixture
async def deliverer(services: TestServices, graph: GraphClient) -> Deliverer:
    return another(services, graph)


@pytest.fixture
async def salma(services: TestServices) -> Viewer:
    return await make_viewer(services.pool, "Salma Fathy")
