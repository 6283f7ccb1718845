"""Every code of facts §8 played by the simulator's error scripts, from an advisor's reply to what they are shown."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from arriving import deliver
from delivering import VAULT
from factories import make_conversation, make_customer, make_viewer
from failure_rows import ROWS, End, Row
from live_server import Console, LiveServer, live_server

from server.actions.deliver import Deliverer
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.model import Channel
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.orders import Order
from server.simulator.serving import Running, running

# What is retried has an end of its own: `test_failure_rows` waits for it.
_WAITS = (End.RETRIED, End.RETRIED_TOGETHER, End.ONCE_MORE)
_PAUSES = (End.PAUSED, End.PAUSED_FOR_A_WHILE)


class Stage:
    """The product with its console, beside Meta's simulator on a port of its own."""

    def __init__(self, server: LiveServer, meta: Running, told: list[bytes], graph: GraphClient) -> None:
        self.server, self.meta, self.graph = server, meta, graph
        self._told = told
        self._numbers = iter(range(10**6))

    async def play(self, console: Console, viewer: Viewer, channel: Channel, order: Order) -> dict[str, Any]:
        """The advisor's message as their console shows it once Meta had its say."""
        db, number = self.server.pool, next(self._numbers)
        customer = await make_customer(db, channel=channel)
        inbox = self.server.services.organisation().inboxes[f"financial-{channel}"]
        if channel is not Channel.WHATSAPP:
            # Known under the account's own ids, so that an echo names them.
            scoped = "update identity set scope = $2 where id = $1"
            await db.execute(scoped, customer.identity_id, inbox.external_id)
        talk = await make_conversation(db, owner=viewer, channel=channel, customer=customer)
        self.meta.simulator.world.orders.clear()
        self.meta.simulator.world.orders.add(order)
        body = {"command_id": f"play-{number:06d}", "text": f"Line {number}", "based_on_version": talk.version}
        await console.post(f"/api/conversations/{talk.id}/replies", body, status=201)
        worker = Deliverer(self.server.services, self.graph, VAULT, default_token="TOKEN")
        assert await worker.deliver_due() == 1
        await worker.release()
        await self.webhooks()
        thread = await console.get(f"/api/conversations/{talk.id}")
        return dict(thread["messages"][-1])

    async def webhooks(self) -> None:
        """Meta's news reach the product."""
        while self.meta.simulator.receipts.travelling:
            await self.meta.simulator.receipts.arrived()
        assert await self.meta.simulator.world.sender.drained(10)
        bodies, self._told[:] = list(self._told), []
        await deliver(self.server.services, *bodies)

    async def outbox(self) -> tuple[str, int | None]:
        """State and code of what was sent last."""
        row = await self.server.pool.fetchrow(
            "select state, (failure ->> 'code')::bigint as code from outbox order by id desc limit 1"
        )
        assert row is not None
        return row["state"], row["code"]

    async def forget(self) -> None:
        await self.server.pool.execute("delete from outbox")
        await self.server.pool.execute("update inbox set paused_at = null, paused_reason = null, resumes_at = null")


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    told: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        told.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/meta", take)
    accounts = inboxes.read(inboxes.DEMO)
    async with TestServer(app) as callback, live_server(database) as server:
        config = SimulatorConfig(
            callback=str(callback.make_url("/webhooks/meta")), inboxes=accounts.inboxes, secret="a-secret",
            verify_token="verify-me", apps=accounts.apps({"default": "a-secret"}), pace=0.0,
        )  # fmt: skip
        async with (
            running(config, 0) as meta,
            GraphClient(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0", timeout_seconds=5) as graph,
        ):
            yield Stage(server, meta, told, graph)


@pytest.mark.parametrize("channel", list(Channel))
async def test_refused_at_once(stage: Stage, channel: Channel) -> None:
    salma = await make_viewer(stage.server.pool, "Salma Fathy", capacity=100)
    async with stage.server.console(salma) as console:
        for row in ROWS[channel]:
            for code, subcode in _known(row):
                # A chat that another app holds is taken, and the message sent once more; here that fails, too.
                times = 2 if row.word == "Another app" else 1
                shown = await stage.play(console, salma, channel, Order(code=code, subcode=subcode, times=times))
                state, kept = await stage.outbox()
                if row.end in (*_WAITS, *_PAUSES):
                    assert (shown["status"], state, kept) == ("queued", "queued", code), row
                    paused = await stage.server.pool.fetchval("select count(*) from inbox where paused_at is not null")
                    assert paused == (row.end in _PAUSES), row
                elif row.end is End.UNCERTAIN:
                    assert (shown["status"], state) == ("queued", "uncertain"), row
                else:
                    assert (shown["status"], state) == ("failed", "failed"), (row, shown)
                    _expect_words(row, code, shown)
                await stage.forget()


async def test_refused_later_by_a_status(stage: Stage) -> None:
    """WhatsApp accepts, and says afterwards that it will not be: whatever the code, only a person sends it again."""
    salma = await make_viewer(stage.server.pool, "Salma Fathy", capacity=100)
    async with stage.server.console(salma) as console:
        for row in ROWS[Channel.WHATSAPP]:
            for code, subcode in _known(row):
                order = Order(code=code, subcode=subcode, how="status")
                shown = await stage.play(console, salma, Channel.WHATSAPP, order)
                assert shown["status"] == "failed", (row, shown)
                _expect_words(row, code, shown)
                worker = Deliverer(stage.server.services, stage.graph, VAULT, default_token="TOKEN")
                assert await worker.deliver_due() == 0
                await worker.release()
                await stage.forget()


@pytest.mark.parametrize(("how", "channel"), [(how, each) for how in ("drop_after", "5xx_after") for each in Channel])
async def test_taken_without_a_word_is_found_by_status_or_echo(stage: Stage, how: Any, channel: Channel) -> None:
    """By our opaque id, by our metadata, or by person, words and time: facts §7."""
    salma = await make_viewer(stage.server.pool, "Salma Fathy", capacity=100)
    async with stage.server.console(salma) as console:
        shown = await stage.play(console, salma, channel, Order(how=how))
    assert shown["status"] in ("accepted", "sent", "delivered"), shown
    assert (await stage.outbox())[0] == "accepted"
    assert shown["author"] == "advisor"


@pytest.mark.parametrize("how", ["drop", "5xx"])
async def test_lost_without_being_taken_is_shown_for_a_person_to_check(stage: Stage, how: Any) -> None:
    salma = await make_viewer(stage.server.pool, "Salma Fathy", capacity=100)
    async with stage.server.console(salma) as console:
        await stage.play(console, salma, Channel.WHATSAPP, Order(how=how))
        assert (await stage.outbox())[0] == "uncertain"
        await stage.server.pool.execute("update outbox set holds_until = now()")
        worker = Deliverer(stage.server.services, stage.graph, VAULT, default_token="TOKEN")
        assert await worker.deliver_due() == 0, "never again by itself"
        [talk] = (await console.get("/api/conversations?view=mine"))["conversations"]
        [*_, shown] = (await console.get(f"/api/conversations/{talk['id']}"))["messages"]
    assert (shown["status"], shown["uncertain"]) == ("uncertain", True)
    assert shown["failure"]["words"].startswith("It may have been sent. Check")


def _known(row: Row) -> list[tuple[int, int | None]]:
    """Meta's simulator plays the codes of the facts sheet, not those that nobody knows yet."""
    return [each for each in row.codes if each[0] != 424242]


def _expect_words(row: Row, code: int, shown: dict[str, Any]) -> None:
    assert shown["failure"]["code"] == code, json.dumps(shown)
    assert shown["failure"]["act"] == row.act, (row, shown["failure"])
    assert row.word in shown["failure"]["words"], (row, shown["failure"])
