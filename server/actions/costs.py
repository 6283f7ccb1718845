"""What an inbox's messages cost in a month, for those who answer for money."""

from datetime import UTC

import msgspec

from server.actions.unit import Services
from server.domain import costs
from server.domain.access import Viewer
from server.domain.costs import Month
from server.domain.errors import Forbidden, Invalid
from server.domain.model import Channel, Role
from server.domain.organisation import Inbox, Sector
from server.store import clock
from server.store import costs as stored

_MAY_SEE = (Role.ADMINISTRATOR, Role.OWNER)


class InboxMonth(msgspec.Struct, frozen=True, kw_only=True):
    inbox: Inbox
    sector: Sector
    month: Month


async def of_month(services: Services, viewer: Viewer, month: str | None) -> tuple[str, list[InboxMonth]]:
    """Every number of the viewer's sectors, each by its own calendar; the present month when none is named.

    Raises `Forbidden`, `Invalid`.
    """
    if viewer.role not in _MAY_SEE:
        raise Forbidden("Costs are for administrators and owners.")
    organisation = services.organisation()
    numbers = {
        each.id: each
        for each in organisation.inboxes.values()
        if each.channel is Channel.WHATSAPP and each.sector in viewer.sectors
    }
    sectors = {id: organisation.sectors[each.sector] for id, each in numbers.items()}
    async with services.pool.acquire() as connection:
        month = month or (await clock.now(connection)).astimezone(UTC).strftime("%Y-%m")
        try:
            months = {id: costs.month_of(month, sector.time_zone) for id, sector in sectors.items()}
        except ValueError:
            raise Invalid("A month is written as 2026-11.", field="month") from None
        lines = await stored.of_month(connection, months, sorted(viewer.sectors))
    found = [InboxMonth(inbox=inbox, sector=sectors[id], month=costs.tally(lines[id])) for id, inbox in numbers.items()]
    return month, found
