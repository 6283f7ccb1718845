"""The product watches accounts that the simulator plays: its own clients, on a database of ours."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from conftest import TestServices
from simulator.meta_side import SECRET, Meta, Receiver

from server.actions.subscriptions import Checker
from server.actions.tokens import Tokens
from server.channels.graph_nodes import GraphNodes
from server.files.folder import FolderStore
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.store.vault import Vault, generate_key


@pytest.fixture
def config(receiver: Receiver, tmp_path: Path) -> SimulatorConfig:
    accounts = inboxes.read()
    return SimulatorConfig(
        callback=receiver.url, inboxes=accounts.inboxes, secret=SECRET, meta_id=accounts.app_ids["default"], pace=0.0,
        retry_ceiling_seconds=0.2, log=tmp_path / "meta.jsonl", seed=7,
    )  # fmt: skip


@pytest.fixture
def kept(services: TestServices, tmp_path: Path) -> TestServices:
    return msgspec.structs.replace(services, files=FolderStore(tmp_path / "files"))


@pytest.fixture
async def nodes(meta: Meta) -> AsyncIterator[GraphNodes]:
    async with GraphNodes(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0") as client:
        yield client


@pytest.fixture
def tokens(kept: TestServices) -> Tokens:
    return Tokens(kept, Vault([generate_key()]), default_token="a-token", app_secret=lambda app_id: SECRET)


@pytest.fixture
def checker(kept: TestServices, nodes: GraphNodes, tokens: Tokens) -> Checker:
    return Checker(kept, nodes, tokens)
