"""Signing in and out. A token is random, new at every sign-in, and known to the database only by its SHA-256."""

import hashlib
import ipaddress
import secrets

import msgspec

from server.actions import passwords
from server.actions.unit import Services, Topic, Unit, unit
from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from server.store import sessions, users
from server.store.pool import AWAY, Pool
from server.store.sessions import SessionInfo

# Both doors, web and realtime, find the token in it.
COOKIE = "majlis_session"
FAILURES_PER_EMAIL = 8
FAILURES_PER_ADDRESS = 40
_WAIT_SECONDS = 900


class Browser(msgspec.Struct, frozen=True):
    """Where a sign-in comes from. `old_token` is a session it replaces."""

    address: str
    user_agent: str = ""
    old_token: str | None = None


class Authenticated(msgspec.Struct, frozen=True):
    viewer: Viewer
    session_id: int
    csrf_token: str


async def authenticate(pool: Pool, token: str) -> Authenticated | None:
    """Who holds this token now. Raises `Unavailable` when the database is away."""
    try:
        async with pool.acquire() as connection:
            row = await sessions.authenticate(connection, _digest(token))
            if row is not None and row.due_for_touch:
                await sessions.touch(connection, row.session_id)
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error
    return None if row is None else Authenticated(row.viewer, row.session_id, row.csrf_token)


async def sign_in(services: Services, email: str, password: str, browser: Browser) -> str:
    """A new session's token. Raises `Unauthenticated`, the same for an unknown email, or `TooMany`."""
    email = email.strip().casefold()[:254]
    async with unit(services) as work:
        attempt = await _begin_attempt(work, email, browser.address)
        user = await users.by_email(work.connection, email)
    stored = user.password_hash if user is not None and user.active else None
    if not await passwords.matches(password, stored) or user is None:
        raise Unauthenticated("The email or the password is wrong.")
    async with unit(services) as work:
        await sessions.mark_succeeded(work.connection, attempt)
        return await _open(work, user.id, browser)


async def make_sign_in_link(services: Services, email: str) -> str:
    """A token that lets this person in once within 15 minutes. Raises `NotFound`."""
    token = secrets.token_urlsafe(32)
    async with unit(services) as work:
        user = await users.by_email(work.connection, email.strip().casefold())
        if user is None or not user.active:
            raise NotFound("Nobody active has this email.")
        await sessions.add_link(work.connection, _digest(token), user.id)
    return token


async def sign_in_by_link(services: Services, link_token: str, browser: Browser) -> str:
    """A new session's token. Raises `NotFound` when the link was used or is too old."""
    async with unit(services) as work:
        user_id = await sessions.use_link(work.connection, _digest(link_token))
        if user_id is None:
            raise NotFound("This link was used already or is too old. Ask for a new one.")
        return await _open(work, user_id, browser)


async def sign_out(services: Services, token: str) -> None:
    async with unit(services) as work:
        await sessions.remove(work.connection, _digest(token))
        work.wake(Topic.SESSIONS)


async def list_sessions(services: Services, viewer: Viewer) -> list[SessionInfo]:
    async with unit(services) as work:
        return await sessions.of_user(work.connection, viewer.user_id)


async def revoke(services: Services, viewer: Viewer, session_id: int) -> None:
    """Ends one of the person's own sessions; its sockets are cut. Raises `NotFound`."""
    async with unit(services) as work:
        if not await sessions.revoke(work.connection, session_id, viewer.user_id):
            raise NotFound("This session has ended already.")
        work.wake(Topic.SESSIONS)


async def change_password(
    services: Services, who: Authenticated, current: str | None, new: str, *, address: str
) -> None:
    """Ends every other session of the person and their open links; guesses count as those at the door do.

    Who came by a link and has no password yet needs no current one. Raises `Invalid` or `TooMany`.
    """
    async with unit(services) as work:
        stored = await users.password_of(work.connection, who.viewer.user_id)
        attempt = await _begin_attempt(work, who.viewer.email, address) if stored is not None else None
    if attempt is not None:
        if not await passwords.matches(current or "", stored):
            raise Invalid("This is not your current password.", field="current_password")
        async with unit(services) as work:
            await sessions.mark_succeeded(work.connection, attempt)
    new_hash = await passwords.hashed(new)
    async with unit(services) as work:
        await users.set_password(work.connection, who.viewer.user_id, new_hash)
        await sessions.remove_of_user(work.connection, who.viewer.user_id, keep=who.session_id)
        await users.remove_links(work.connection, who.viewer.user_id)
        work.wake(Topic.SESSIONS)


async def _begin_attempt(work: Unit, email: str, address: str) -> int:
    """Counted as failed before the password is looked at, so that parallel guesses cannot pass together."""
    address = _counted_as(address)
    failures = await sessions.recent_failures(work.connection, email, address)
    if failures.email >= FAILURES_PER_EMAIL or failures.address >= FAILURES_PER_ADDRESS:
        raise TooMany("Too many attempts. Try again in a quarter of an hour.", retry_after_seconds=_WAIT_SECONDS)
    return await sessions.begin_attempt(work.connection, email, address)


def _counted_as(address: str) -> str:
    """One household holds a whole /64 of IPv6: its addresses count as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    return str(known.ipv4_mapped or ipaddress.IPv6Network((int(known), 64), strict=False))


async def _open(work: Unit, user_id: int, browser: Browser) -> str:
    if browser.old_token:
        await sessions.remove(work.connection, _digest(browser.old_token))
        work.wake(Topic.SESSIONS)
    token = secrets.token_urlsafe(32)
    await sessions.add(
        work.connection, token_hash=_digest(token), user_id=user_id, csrf_token=secrets.token_urlsafe(32),
        user_agent=browser.user_agent[:300], address=browser.address[:64],
    )  # fmt: skip
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
