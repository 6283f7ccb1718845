"""Who may open a socket, and what happens to nonsense on it."""

import asyncio

import aiohttp
import pytest
import socketio
from factories import make_viewer
from live_server import LiveServer

_NONSENSE = ("4", "42", "42[", '42["watch"', "9", "4" + "[" * 10_000, '42["connect"]', "45-[", "x" * 70_000)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_another_sites_page_is_refused_before_the_handshake(server: LiveServer, origin: str) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await console.connect(Origin=origin)
        headers = console.cookie | {"Origin": origin}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await console.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers)
        assert refused.value.status == 403


async def test_without_a_session_the_socket_says_so(server: LiveServer) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        headers = {"Origin": server.url, "Cookie": "majlis_session=nosuchtoken"}
        async with http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
            await wire.receive()
            # What socket.io-client gives as connect_error.message.
            assert (await wire.receive()).data == '44{"message":"unauthenticated"}'
            # Nobody without a session holds one open.
            assert (await wire.receive(timeout=2)).type is aiohttp.WSMsgType.CLOSE


async def test_a_neighbours_odd_cookie_does_not_shut_out(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        headers = {"Cookie": f'theme={{"a":[1]}}; a b=c; {console.cookie["Cookie"]}; lone', "Origin": server.url}
        async with console.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
            await wire.receive()
            await wire.send_str("40")
            assert (await wire.receive()).data.startswith('40{"sid"')


async def test_one_session_holds_only_so_many_sockets(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.realtime.hub.SOCKETS_PER_SESSION", 1)
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console, server.console(salma) as phone:
        await console.connect()
        headers = console.cookie | {"Origin": server.url}
        async with console.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
            await wire.receive()
            assert (await wire.receive()).data == '44{"message":"too-many"}'
        await phone.connect()
        await console.hang_up()
        await asyncio.sleep(0.2)
        await console.connect()


async def test_a_client_cannot_play_the_end_of_its_own_socket(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        await console.connect()
        for name in ("disconnect", "connect"):
            await console.say(name)
        assert await console.ask("unwatch", {"conversation_id": 1}) == {"ok": True}


async def test_only_websockets_are_spoken(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        headers = console.cookie | {"Origin": server.url}
        async with console.http.get("/socket.io/?EIO=4&transport=polling", headers=headers) as response:
            assert response.status == 400


@pytest.mark.parametrize("name", ["watch", "unwatch", "catch_up", "typing"])
@pytest.mark.parametrize(
    "data", [None, [], "7", {}, {"conversation_id": "7", "cursor": "7"}, {"conversation_id": -1, "cursor": True},
             {"conversation_id": 2**80, "cursor": 2**80}],
)  # fmt: skip
async def test_nonsense_is_answered_as_such(server: LiveServer, name: str, data: object) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        await console.connect()
        assert await console.ask(name, data) == {"error": "malformed"}


async def test_packets_that_are_no_packets_end_nothing_but_themselves(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as good, server.console(salma) as bad:
        await good.connect()
        headers = bad.cookie | {"Origin": server.url}
        for nonsense in _NONSENSE:
            async with bad.http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers=headers) as wire:
                await wire.receive()
                await wire.send_str("40")
                await wire.receive()
                await wire.send_str(nonsense)
        assert (await good.ask("catch_up", {"cursor": 2**52}))["resync"] is True
