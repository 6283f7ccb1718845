"""Who is known under which address, and WhatsApp's word that somebody changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arriving import inbox_of, whatsapp_value
from conftest import TestServices

AT = datetime.now(UTC) - timedelta(minutes=30)


def system(services: TestServices, said: dict[str, str], **outer: Any) -> Any:
    """WhatsApp's own word that somebody changed; `outer` stands on the message itself."""
    moment = datetime.now(UTC)
    item = {"id": f"wamid.sys.{said}", "timestamp": str(int(moment.timestamp())), "type": "system", **outer,
            "system": {"body": "changed", **said}}  # fmt: skip
    return whatsapp_value(inbox_of(services, "financial"), messages=[item])


def new_id(after: str, before: str) -> dict[str, str]:
    return {"type": "user_changed_user_id", "user_id": after, "previous_user_id": before}


async def contacts(services: TestServices) -> dict[str, int]:
    """Whose each address is."""
    rows = await services.pool.fetch("select * from identity")
    return {str(row["value"]): int(row["contact_id"]) for row in rows}


async def talks(services: TestServices) -> list[Any]:
    return list(await services.pool.fetch("select * from conversation order by id"))
