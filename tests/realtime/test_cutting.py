"""Rights that end, end on open sockets too, on every process, within five seconds."""

import asyncio
import contextlib

import pytest
from factories import make_conversation, make_viewer
from live_server import LiveServer, live_server
from talk import customer_writes

from server.actions import users
from server.actions.unit import Services
from server.domain.model import Presence, Role

# Five are promised; the rest is for a busy machine.
CUT_SECONDS = 10


async def test_a_deactivated_persons_sockets_are_cut_on_every_process(
    server: LiveServer, database: str, services: Services
) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    karim = await make_viewer(server.pool, "Karim Nabil")
    async with (
        live_server(database) as second,
        server.console(salma) as here,
        second.console(salma) as there,
        second.console(karim) as his,
    ):
        for console in (here, there, his):
            await console.connect()
        # From a third process, as `majlis user deactivate` is: no hub of it tells anybody.
        await users.deactivate(services, salma.email)
        async with asyncio.timeout(CUT_SECONDS):
            for console in (here, there):
                await console.until("signed_out")
                await console.ended.wait()
        assert not his.ended.is_set()


async def test_an_ended_session_cuts_its_own_sockets_only(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    async with server.console(salma) as office, server.console(salma) as phone:
        await office.connect()
        await phone.connect()
        listed = (await office.get("/api/me/sessions"))["sessions"]
        [other] = [each["id"] for each in listed if not each["current"]]
        await office.call("DELETE", f"/api/me/sessions/{other}", status=204)
        await asyncio.wait_for(phone.ended.wait(), 30)
        assert not office.ended.is_set()


async def test_a_cut_socket_loses_its_transport_though_the_client_holds_on(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    async with server.console(salma) as console:
        headers = console.cookie | {"Origin": server.url}
        async with console.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
            await wire.receive()
            await wire.send_str("40")
            await wire.receive()
            await server.pool.execute("delete from session")
            async with asyncio.timeout(30):
                said = [each.data async for each in wire if each.data != "2" and "beat" not in each.data]
            assert said == ['42["signed_out",{}]', "41", "1"]


async def test_a_watch_that_ends_after_its_socket_left_silences_nobody(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    salma = await make_viewer(server.pool, "Salma Fathy")
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(nadia) as gone, server.console(salma) as hers:
        await hers.connect()
        await gone.connect()
        # Until the last place in the pool is free again, the watch waits for its look at the rights.
        async with contextlib.AsyncExitStack() as all_places:
            for _ in range(server.pool.get_max_size() - server.pool.get_size() + server.pool.get_idle_size()):
                await all_places.enter_async_context(server.pool.acquire())
            await gone.say("watch", {"conversation_id": conversation.id})
            await asyncio.sleep(0.2)
            await gone.hang_up()
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.2)
        await customer_writes(server.services, conversation.id)
        assert (await hers.until("event"))["kind"] == "MessageReceived"


async def test_who_leaves_a_sector_hears_nothing_more_of_it(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(server.pool)
    async with server.console(nadia) as console:
        await console.connect()
        assert await console.ask("watch", {"conversation_id": conversation.id}) == {"ok": True}
        await server.pool.execute("update user_sector set sector_id = 'education' where user_id = $1", nadia.user_id)
        await asyncio.sleep(4)
        console.heard.clear()
        await customer_writes(server.services, conversation.id)
        lesson = await make_conversation(server.pool, sector="education")
        await customer_writes(server.services, lesson.id)
        heard = await console.until("event")
        assert heard["conversation_id"] == lesson.id
        assert [each["conversation_id"] for each in console.events] == [lesson.id]


async def test_a_socket_is_a_lease_and_gives_it_back(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.OFFLINE)
    async with server.console(salma) as console:
        await console.connect()
        assert await _leases(server, salma.user_id) == 1
        # A first socket alone brings nobody online.
        assert (await console.get("/api/me"))["presence"] == "offline"
        await console.hang_up()
        await _lease_ends(server, "< 6")


async def test_a_living_sockets_lease_is_renewed_and_a_lapsed_one_taken_again(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.actions.presence.RENEW_SECONDS", 0.0)
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.OFFLINE)
    async with server.console(salma) as console:
        await console.connect()
        await asyncio.sleep(11)
        assert await _leases(server, salma.user_id) == 1
        await server.pool.execute("delete from presence_lease")
        await _lease_ends(server, "> 25")


async def test_a_browser_that_vanished_is_noticed_by_the_transport(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.realtime.hub.PING_SECONDS", 0.5)
    monkeypatch.setattr("server.realtime.hub.PING_TIMEOUT_SECONDS", 0.5)
    async with live_server(database) as server:
        salma = await make_viewer(server.pool, "Salma Fathy")
        async with server.console(salma) as console:
            headers = console.cookie | {"Origin": server.url}
            async with console.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
                await wire.receive()
                await wire.send_str("40")
                await wire.receive()
                assert await _leases(server, salma.user_id) == 1
                # No pong is ever sent.
                await _lease_ends(server, "< 6")


async def _leases(server: LiveServer, user_id: int) -> int:
    found: int = await server.pool.fetchval(
        "select count(*) from presence_lease where user_id = $1 and expires_at > now()", user_id
    )
    return found


async def _lease_ends(server: LiveServer, seconds: str) -> None:
    """Waits until there is one lease, and it ends in so many seconds."""
    query = f"select count(*) = 1 and min(expires_at) - now() {seconds} * interval '1 second' from presence_lease"
    async with asyncio.timeout(30):
        while not await server.pool.fetchval(query):  # noqa: ASYNC110 - seen only by looking
            await asyncio.sleep(0.05)
