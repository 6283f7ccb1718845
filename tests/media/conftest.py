from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from conftest import TestServices
from media.keeping_meta import FileMeta

from server.actions.media import Fetcher
from server.actions.media_sending import Bringer
from server.actions.tokens import Tokens
from server.channels.graph_media import GraphMedia
from server.files.folder import FolderStore
from server.store.vault import Vault, generate_key


@pytest.fixture
async def meta() -> AsyncIterator[FileMeta]:
    async with FileMeta() as playing:
        yield playing


@pytest.fixture
async def graph(meta: FileMeta) -> AsyncIterator[GraphMedia]:
    async with meta.client(timeout_seconds=5) as client:
        yield client


@pytest.fixture
def keeping(services: TestServices, tmp_path: Path) -> TestServices:
    """Services that keep files."""
    return msgspec.structs.replace(services, files=FolderStore(tmp_path / "files"))


@pytest.fixture
def tokens(keeping: TestServices) -> Tokens:
    return Tokens(keeping, Vault([generate_key()]), default_token="TOKEN")


@pytest.fixture
def fetcher(keeping: TestServices, graph: GraphMedia, tokens: Tokens) -> Fetcher:
    return Fetcher(keeping, graph, tokens)


@pytest.fixture
def bringer(keeping: TestServices, graph: GraphMedia, tokens: Tokens) -> Bringer:
    return Bringer(keeping, graph, tokens)
