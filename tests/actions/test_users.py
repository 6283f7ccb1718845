"""Adding people, and what is refused."""

import pytest

from server.actions import users
from server.actions.unit import Services
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.model import Role


async def test_an_advisor_gets_sectors_and_places(services: Services) -> None:
    user_id = await users.add(
        services,
        email=" Salma@Majlis.example",
        name="Salma Fathy",
        role=Role.ADVISOR,
        sectors=["financial"],
        capacity=3,
    )
    assert await services.pool.fetchval("select capacity from advisor where user_id = $1", user_id) == 3
    [salma] = [each for each in await users.list_users(services) if each.id == user_id]
    assert (salma.email, salma.sectors, salma.active, salma.has_password) == (
        "salma@majlis.example", ("financial",), True, False,
    )  # fmt: skip


async def test_an_owner_takes_no_conversations_and_reads_none(services: Services) -> None:
    user_id = await users.add(
        services, email="aziz@majlis.example", name="Aziz Mansour", role=Role.OWNER, sectors=["financial"]
    )
    assert await services.pool.fetchval("select count(*) from advisor where user_id = $1", user_id) == 0
    assert await services.pool.fetchval('select reads_messages from "user" where id = $1', user_id) is False


async def test_what_cannot_be_is_refused(services: Services) -> None:
    async def add(email: str, sectors: tuple[str, ...] = ("financial",)) -> None:
        await users.add(services, email=email, name="Salma Fathy", role=Role.ADVISOR, sectors=sectors)

    await add("salma@majlis.example")
    with pytest.raises(Conflict):
        await add("SALMA@majlis.example")
    with pytest.raises(Invalid):
        await add("salma")
    with pytest.raises(Invalid):
        await add("karim@majlis.example", ("aviation",))
    with pytest.raises(Invalid):
        await add("karim@majlis.example", ())
    with pytest.raises(NotFound):
        await users.deactivate(services, "nobody@majlis.example")
    await users.deactivate(services, "salma@majlis.example")
    with pytest.raises(NotFound):
        await users.reset(services, "salma@majlis.example")
