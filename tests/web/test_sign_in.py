"""Who gets in, with what, and how long."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from factories import make_viewer
from live_server import LiveServer

from server.actions import passwords, sessions, users
from server.domain.access import Viewer
from server.domain.errors import NotFound, TooMany, Unauthenticated
from server.store import users as user_rows
from server.web.sign_in import own_path

PASSWORD = "correct horse battery"


class Door:
    """Somebody at the sign-in page, with cookies as a browser keeps them."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http

    async def knock(self, email: str, password: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.send("/sign-in", {"email": email, "password": password} | fields)

    async def send(self, path: str, fields: dict[str, str], **headers: str) -> aiohttp.ClientResponse:
        given = {"Origin": self.url} | headers
        response = await self.http.post(path, data=fields, headers=given, allow_redirects=False)
        await response.read()
        return response

    async def status(self, path: str = "/api/me") -> int:
        async with self.http.get(path, allow_redirects=False) as response:
            return response.status

    async def status_of(self, token: str) -> int:
        """What another browser with this token gets."""
        async with (
            aiohttp.ClientSession(self.url, cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.get("/api/me", headers={"Cookie": f"majlis_session={token}"}) as response,
        ):
            return response.status

    async def me(self) -> Any:
        async with self.http.get("/api/me") as response:
            return await response.json()


@pytest.fixture
async def door(server: LiveServer) -> AsyncIterator[Door]:
    # Addresses that are numbers are not sent cookies unless asked for.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(server.url, cookie_jar=jar) as http:
        yield Door(server.url, http)


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    viewer = await make_viewer(server.pool, "Salma Fathy", email="salma@majlis.example")
    async with server.pool.acquire() as connection:
        await user_rows.set_password(connection, viewer.user_id, await passwords.hashed(PASSWORD))
    return viewer


async def test_the_right_password_opens_and_every_sign_in_makes_a_new_token(door: Door, salma: Viewer) -> None:
    first = await door.knock(" Salma@Majlis.example ", PASSWORD, next="/inbox/7")
    assert (first.status, first.headers["Location"]) == (303, "/inbox/7")
    token = first.cookies["majlis_session"]
    assert token["httponly"]
    assert token["samesite"].lower() == "lax"
    assert (await door.me())["name"] == "Salma Fathy"

    second = await door.knock("salma@majlis.example", PASSWORD)
    assert second.cookies["majlis_session"].value != token.value
    # The session it replaced is over.
    assert await door.status_of(token.value) == 401


async def test_a_token_somebody_else_chose_is_never_adopted(door: Door, salma: Viewer) -> None:
    door.http.cookie_jar.update_cookies({"majlis_session": "attackerchosen"})
    entered = await door.knock("salma@majlis.example", PASSWORD)
    assert entered.cookies["majlis_session"].value != "attackerchosen"
    assert await door.status_of("attackerchosen") == 401


async def test_an_unknown_email_gets_the_answer_of_a_wrong_password(door: Door, salma: Viewer) -> None:
    wrong = await door.knock("salma@majlis.example", "not her password")
    nobody = await door.knock("nobody@majlis.example", "not her password")
    assert wrong.status == nobody.status == 401
    # The nonce is new each time, the rest is the same but for the email that was typed.
    assert len(await wrong.text()) - len("salma") == len(await nobody.text()) - len("nobody")
    assert "majlis_session" not in wrong.cookies


async def test_guessing_is_stopped_even_with_the_right_password_then(door: Door, salma: Viewer) -> None:
    for _ in range(sessions.FAILURES_PER_EMAIL):
        assert (await door.knock("salma@majlis.example", "a guess")).status == 401
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 429


async def test_guessing_the_current_password_is_stopped_too(server: LiveServer, salma: Viewer) -> None:
    async with server.console(salma) as console:
        guess = {"current_password": "a guess", "new_password": "an entirely new one"}
        for _ in range(sessions.FAILURES_PER_EMAIL):
            await console.call("PATCH", "/api/me", guess, status=422)
        await console.call("PATCH", "/api/me", guess | {"current_password": PASSWORD}, status=429)


async def test_a_new_password_ends_open_links(server: LiveServer, salma: Viewer) -> None:
    async with server.console(salma) as console:
        link = await sessions.make_sign_in_link(server.services, salma.email)
        change = {"current_password": PASSWORD, "new_password": "an entirely new one"}
        await console.call("PATCH", "/api/me", change)
    with pytest.raises(NotFound):
        await sessions.sign_in_by_link(server.services, link, sessions.Browser("127.0.0.1"))


async def test_one_household_of_ipv6_counts_as_one_address(
    server: LiveServer, salma: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FAILURES_PER_ADDRESS", 2)
    for end in ("1", "2:3"):
        with pytest.raises(Unauthenticated):
            await sessions.sign_in(server.services, salma.email, "a guess", sessions.Browser(f"2001:db8:0:7::{end}"))
    with pytest.raises(TooMany):
        await sessions.sign_in(server.services, salma.email, PASSWORD, sessions.Browser("2001:db8:0:7::9"))
    assert await sessions.sign_in(server.services, salma.email, PASSWORD, sessions.Browser("2001:db8:0:8::9"))
    assert await sessions.sign_in(server.services, salma.email, PASSWORD, sessions.Browser("::ffff:192.0.2.1"))


async def test_a_success_forgives_the_failures_before_it(server: LiveServer, door: Door, salma: Viewer) -> None:
    for _ in range(sessions.FAILURES_PER_EMAIL - 1):
        await server.pool.execute(
            "insert into sign_in_attempt (email, address, succeeded) values ('salma@majlis.example', '10.0.0.9', false)"
        )
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 303
    assert (await door.knock("salma@majlis.example", "a slip")).status == 401
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 303


async def test_one_address_cannot_try_every_email(server: LiveServer, door: Door, salma: Viewer) -> None:
    for number in range(sessions.FAILURES_PER_ADDRESS):
        await server.pool.execute(
            "insert into sign_in_attempt (email, address, succeeded) values ($1, '127.0.0.1', false)", f"p{number}@x.y"
        )
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 429


async def test_a_link_lets_in_once_and_only_by_its_button(server: LiveServer, door: Door, salma: Viewer) -> None:
    link = await sessions.make_sign_in_link(server.services, salma.email)
    assert await door.status(f"/sign-in/link/{link}") == 200
    assert await door.status() == 401
    assert (await door.send(f"/sign-in/link/{link}", {})).status == 303
    assert await door.status() == 200
    assert (await door.send(f"/sign-in/link/{link}", {})).status == 404


async def test_a_link_grows_old(server: LiveServer, door: Door, salma: Viewer) -> None:
    link = await sessions.make_sign_in_link(server.services, salma.email)
    await server.pool.execute("update sign_in_link set expires_at = now() - interval '1 second'")
    assert (await door.send(f"/sign-in/link/{link}", {})).status == 404


async def test_signing_out_ends_the_session_and_needs_the_forms_token(door: Door, salma: Viewer) -> None:
    await door.knock("salma@majlis.example", PASSWORD)
    me = await door.me()
    assert (await door.send("/sign-out", {"csrf_token": "guessed"})).status == 403
    token = next(cookie.value for cookie in door.http.cookie_jar if cookie.key == "majlis_session")
    left = await door.send("/sign-out", {"csrf_token": me["csrf_token"]})
    assert left.status == 303
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert await door.status_of(token) == 401


async def test_a_session_ends_after_twelve_idle_hours(server: LiveServer, door: Door, salma: Viewer) -> None:
    await door.knock("salma@majlis.example", PASSWORD)
    await server.pool.execute("update session set expires_at = now() - interval '1 second'")
    assert await door.status() == 401


async def test_use_keeps_a_session_but_not_beyond_two_weeks(server: LiveServer, door: Door, salma: Viewer) -> None:
    await door.knock("salma@majlis.example", PASSWORD)
    await server.pool.execute(
        "update session set seen_at = now() - interval '1 hour', created_at = now() - interval '13 days 20 hours'"
    )
    await door.me()
    left = await server.pool.fetchval("select expires_at - now() from session")
    assert 3 * 3600 < left.total_seconds() < 5 * 3600


async def test_ones_own_sessions_are_listed_and_ended(server: LiveServer, salma: Viewer) -> None:
    async with server.console(salma) as office, server.console(salma) as lost_phone:
        listed = (await office.get("/api/me/sessions"))["sessions"]
        [other] = [each["id"] for each in listed if not each["current"]]
        await office.call("DELETE", f"/api/me/sessions/{other}", status=204)
        await lost_phone.get("/api/me", status=401)
        # Nobody ends another person's session.
        karim = await make_viewer(server.pool, "Karim Nabil")
        async with server.console(karim) as his:
            [mine] = [each["id"] for each in listed if each["current"]]
            await his.call("DELETE", f"/api/me/sessions/{mine}", status=404)


async def test_a_new_password_ends_the_other_sessions(server: LiveServer, salma: Viewer) -> None:
    async with server.console(salma) as office, server.console(salma) as elsewhere:
        change = {"current_password": "wrong", "new_password": "an even better one"}
        problem = await office.call("PATCH", "/api/me", change, status=422)
        assert problem["errors"][0]["field"] == "current_password"
        short = {"current_password": PASSWORD, "new_password": "short"}
        assert (await office.call("PATCH", "/api/me", short, status=422))["errors"][0]["field"] == "new_password"
        await office.call("PATCH", "/api/me", change | {"current_password": PASSWORD})
        await office.get("/api/me")
        await elsewhere.get("/api/me", status=401)


async def test_a_deactivated_person_is_out_at_once(server: LiveServer, door: Door, salma: Viewer) -> None:
    async with server.console(salma) as console:
        link = await sessions.make_sign_in_link(server.services, salma.email)
        await users.deactivate(server.services, salma.email)
        await users.deactivate(server.services, salma.email)
        await console.get("/api/me", status=401)
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 401
    assert (await door.send(f"/sign-in/link/{link}", {})).status == 404
    assert await server.pool.fetchval("select count(*) from event where kind = 'UserDeactivated'") == 1


async def test_a_reset_forgets_password_and_sessions_and_gives_a_link(
    server: LiveServer, door: Door, salma: Viewer
) -> None:
    async with server.console(salma) as console:
        link = await users.reset(server.services, salma.email)
        await console.get("/api/me", status=401)
    assert (await door.knock("salma@majlis.example", PASSWORD)).status == 401
    assert (await door.send(f"/sign-in/link/{link}", {})).status == 303


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/inbox/7?view=all", "/inbox/7?view=all"), ("", "/"), ("https://evil.example", "/"), ("//evil.example", "/"),
        ("/\\evil.example", "/"), ("/a\r\nSet-Cookie: x", "/"), ("javascript:alert(1)", "/"),
    ],
)  # fmt: skip
def test_signing_in_leads_only_to_our_own_pages(asked: str, led_to: str) -> None:
    assert own_path(asked) == led_to
