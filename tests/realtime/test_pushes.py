"""Committed facts reach the screens that may show them, and no other."""

import asyncio
import time

import pytest

from factories import make_conversation, make_message, make_viewer
from live_server import LiveServer, live_server
from server.actions import lifecycle, notes
from server.actions.unit import unit
from server.domain.events import MessageReceived
from server.domain.model import Presence, Role


@pytest.fixture
async def server(database: str):
    async with live_server(database) as running:
        yield running


async def write(server: LiveServer, conversation_id: int, text: str) -> None:
    """A customer writes, as intake would store it."""
    message_id = await make_message(server.pool, conversation_id, text=text)
    async with unit(server.services) as work:
        conversation = await work.lock(conversation_id)
        work.record(
            conversation, MessageReceived(message_id=message_id), actor="customer", user_id=conversation.owner_id
        )


async def test_a_message_reaches_its_owner_and_the_supervisor_but_no_colleague(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    karim = await make_viewer(server.pool, "Karim Nabil", presence=Presence.ONLINE)
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as hers, server.console(karim) as his, server.console(nadia) as boss:
        for console in (hers, his, boss):
            await console.connect()
        began = time.perf_counter()
        await write(server, conversation.id, "How much is the smallest deposit?")
        push = await hers.until("event", kind="MessageReceived")
        print("push ms", (time.perf_counter() - began) * 1e3)
        assert push["message"]["text"] == "How much is the smallest deposit?"
        assert push["conversation"]["owner"] == {"id": salma.user_id, "name": "Salma Fathy"}
        assert push["conversation"]["last_message"]["text"] == "How much is the smallest deposit?"
        await boss.until("event", kind="MessageReceived")
        await boss.until("board", sectors=["financial"])
        beat = await hers.until("beat")
        assert beat["live"] is True
        assert beat["heads"] == {}
        assert his.events == []
