"""Consoles of real people on the bench: signed in by a link, over HTTP and Socket.IO, as a browser does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from live_server import Console

from server.actions import sessions
from server.actions.unit import Services, Topic
from server.domain.events import Event
from server.domain.organisation import Organisation
from server.store import organisation as organisations
from server.store.pool import Pool, open_pool

LAYLA, OMAR, SOPHIE = "layla.haddad@example.com", "omar.farouk@example.com", "sophie.bennett@example.com"
NADIA = "nadia.rashid@example.com"


class _Nobody:
    def publish(self, committed: Sequence[Event]) -> None:
        """A link concerns no screen."""

    def wake(self, topic: Topic) -> None:
        """Nor any loop."""


async def nobody_listens(pool: Pool) -> Services:
    """For actions whose events the running processes find by themselves."""
    async with pool.acquire() as connection:
        known = await organisations.load(connection)
    nobody = _Nobody()
    return Services(pool=pool, publisher=nobody, waker=nobody, organisation=lambda: known)


@asynccontextmanager
async def console(dsn: str, url: str, email: str) -> AsyncIterator[Console]:
    """This person's browser at the web process at `url`; not connected to the socket yet."""
    token = await sign_in(url, await sign_in_link(dsn, email))
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        opened = Console(url, http, token)
        await opened.read_csrf()
        try:
            yield opened
        finally:
            await opened.hang_up()


async def sign_in_link(dsn: str, email: str) -> str:
    pool = await open_pool(dsn, size=1)
    try:
        nobody = _Nobody()
        services = Services(pool=pool, publisher=nobody, waker=nobody, organisation=Organisation)
        return await sessions.make_sign_in_link(services, email)
    finally:
        await pool.close()


async def sign_in(url: str, link: str) -> str:
    """Uses the link at the door, as the button on its page does; the session's token."""
    async with aiohttp.ClientSession() as http:
        answer = await http.post(f"{url}/sign-in/link/{link}", headers={"Origin": url}, allow_redirects=False)
        assert answer.status in (302, 303), (answer.status, await answer.text())
        return answer.cookies["majlis_session"].value
