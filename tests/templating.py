"""Message templates: as Meta lists them, and as we keep them."""

from typing import Any

from playing_meta import Answer, says

from server.store.pool import Pool

# The financial sector's WhatsApp account.
ACCOUNT = "102290000000301"
BODY = {"type": "BODY", "text": "Hello {{1}}, your adviser is ready."}


def listed(name: str, *components: Any, language: str = "en", status: str = "APPROVED", **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "language": language, "status": status, "category": "UTILITY",
            "quality_score": {"score": "GREEN"}, "components": list(components) or [BODY]} | more  # fmt: skip


def page(*entries: dict[str, Any], after: str = "") -> Answer:
    paging = {"cursors": {"after": after}, "next": "https://graph.example/next"} if after else {"cursors": {}}
    return says(200, {"data": list(entries), "paging": paging})


async def keep(pool: Pool, *entries: dict[str, Any], account: str = ACCOUNT) -> None:
    """As if the list had been read."""
    for each in entries:
        await pool.execute(
            "insert into template (account, name, language, status, category, components, status_at, synced_at)"
            " values ($1, $2, $3, $4, $5, $6, now(), now())",
            account, each["name"], each["language"], each["status"].lower(), each["category"].lower(),
            each["components"],
        )  # fmt: skip
