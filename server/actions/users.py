"""Adding, listing, resetting and deactivating the people of the console."""

from collections.abc import Sequence

from server.actions.sessions import make_sign_in_link
from server.actions.unit import Services, Topic, Unit, unit
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.events import UserDeactivated
from server.domain.model import Role
from server.store import sessions, users
from server.store.users import ListedUser, UserRow

_TAKES_CONVERSATIONS = (Role.ADVISOR, Role.SUPERVISOR)


async def add(
    services: Services, *, email: str, name: str, role: Role, sectors: Sequence[str], capacity: int = 4,
    language: str = "en", reads_messages: bool | None = None,
) -> int:  # fmt: skip
    """The new person's id. Raises `Invalid` or, when the email is taken, `Conflict`."""
    email = email.strip().casefold()
    if "@" not in email[1:-1]:
        raise Invalid("This is not an email address.", field="email")
    unknown = sorted(set(sectors) - services.organisation().sectors.keys())
    if unknown:
        raise Invalid(f"The organisation has no sector '{unknown[0]}'.", field="sectors")
    if not sectors:
        raise Invalid("Without a sector this person could see nothing.", field="sectors")
    async with unit(services) as work:
        user_id = await users.add(
            work.connection, email=email, name=name.strip(), role=role, sectors=sorted(set(sectors)),
            reads_messages=role is not Role.OWNER if reads_messages is None else reads_messages,
            language=language, capacity=capacity if role in _TAKES_CONVERSATIONS else None,
        )  # fmt: skip
    if user_id is None:
        raise Conflict("Somebody already has this email.")
    return user_id


async def list_users(services: Services) -> list[ListedUser]:
    async with unit(services) as work:
        return await users.every(work.connection)


async def reset(services: Services, email: str) -> str:
    """Forgets the password, ends the sessions and returns the token of a new sign-in link. Raises `NotFound`."""
    async with unit(services) as work:
        user = await _find(work, email)
        if not user.active:
            raise NotFound("This person was deactivated.")
        await users.set_password(work.connection, user.id, None)
        await _shut_out(work, user.id)
    return await make_sign_in_link(services, email)


async def deactivate(services: Services, email: str) -> None:
    """Ends every session; sockets are cut within 5 s on every process. Twice is once. Raises `NotFound`."""
    async with unit(services) as work:
        user = await _find(work, email)
        if user.active:
            await users.deactivate(work.connection, user.id)
            await _shut_out(work, user.id)
            await work.record_of_user(user.id, UserDeactivated(), actor="system")


async def _find(work: Unit, email: str) -> UserRow:
    known = await users.by_email(work.connection, email.strip().casefold())
    user = await users.lock(work.connection, known.id) if known is not None else None
    if user is None:
        raise NotFound("Nobody has this email.")
    return user


async def _shut_out(work: Unit, user_id: int) -> None:
    await sessions.remove_of_user(work.connection, user_id)
    await users.remove_links(work.connection, user_id)
    work.wake(Topic.SESSIONS)
