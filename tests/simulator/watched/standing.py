"""What the product has found out about its accounts."""

from typing import Any

from conftest import TestServices

from server.domain.organisation import Inbox

CAFE, SCHOOL, DESK = "hospitality-whatsapp", "education-messenger", "financial-instagram"
# By Instagram's own login.
KITCHEN = "education-instagram"


def inbox(services: TestServices, id: str) -> Inbox:
    return services.organisation().inboxes[id]


async def told(services: TestServices) -> list[tuple[str, bool]]:
    rows = await services.pool.fetch("select event, ended_at is null as lasting from account_event order by id")
    return [(row["event"], row["lasting"]) for row in rows]


async def standing(services: TestServices, inbox_id: str) -> Any:
    return await services.pool.fetchrow("select * from inbox_health where inbox_id = $1", inbox_id)
