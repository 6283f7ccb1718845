"""What grows old is forgotten; what happens is counted."""

from conftest import TestServices
from factories import make_viewer
from prometheus_client import REGISTRY
from work_scenes import arrive, pending

from server.actions import assign, sessions, upkeep
from server.domain.model import Presence
from server.store import journal


async def test_links_that_grew_old_are_forgotten(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy")
    await sessions.make_sign_in_link(services, salma.email)
    await services.pool.execute("update sign_in_link set expires_at = now() - interval '1 second'")
    await sessions.make_sign_in_link(services, salma.email)
    await upkeep.keep(services)
    assert await services.pool.fetchval("select count(*) from sign_in_link") == 1


async def test_offers_are_counted_by_how_they_ended(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy", presence=Presence.ONLINE)
    await arrive(services)
    await assign.match(services)
    before = counted("majlis_offers_total", state="accepted")
    [offer] = await pending(services.pool)
    await assign.accept(services, salma, offer["id"])
    await assign.accept(services, salma, offer["id"])
    assert counted("majlis_offers_total", state="accepted") == before + 1


async def test_what_waits_in_the_journal_has_an_age(services: TestServices) -> None:
    async with services.pool.acquire() as connection:
        assert await journal.lag(connection) == journal.Lag(rows=0, seconds=0)
        await journal.append(connection, [("default", {}, b"{}")])
        await connection.execute("update journal set received_at = received_at - interval '7 seconds'")
        lag = await journal.lag(connection)
    assert (lag.rows, round(lag.seconds)) == (1, 7)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0
