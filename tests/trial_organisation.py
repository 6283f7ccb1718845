"""The organisation tests run in: the demo's, or a small stand-in while `majlis apply` is not written yet."""

import warnings
from datetime import time
from typing import Any

import asyncpg
import msgspec

from server.domain.errors import OrganisationError
from server.domain.model import Channel, Priority, SlaTarget
from server.domain.organisation import (
    Calendar,
    Inbox,
    MetaApp,
    Organisation,
    Queue,
    Sector,
    Skill,
    SlaPolicy,
    Span,
    Target,
)
from server.paths import DEMO_ORGANISATION
from server.store.pool import open_pool, prepare

_SECTORS = {"hospitality": "Havana Café", "education": "School Catering", "financial": "Investment Services"}


def _stand_in() -> Organisation:
    hours = tuple(Span(weekday=day, opens=time(0), closes=time(0)) for day in range(7))
    targets = {
        priority: {SlaTarget.FIRST_RESPONSE: Target(seconds=300), SlaTarget.NEXT_RESPONSE: Target(seconds=600)}
        for priority in Priority
    }
    return Organisation(
        version=1,
        names={"en": "Majlis"},
        apps={"default": MetaApp(id="default", meta_id="1000")},
        calendars={"always": Calendar(id="always", time_zone="Africa/Cairo", hours=hours)},
        sla_policies={"standard": SlaPolicy(id="standard", targets=targets)},
        skills={name: Skill(id=name, names={"en": name.title()}) for name in ("arabic", "english")},
        queues={name: Queue(id=name, sector=name, names={"en": words}) for name, words in _SECTORS.items()},
        sectors={
            name: Sector(
                id=name, names={"en": words}, bots=name != "financial", queue=name, calendar="always",
                sla_policy="standard", time_zone="Africa/Cairo",
                acknowledgement={"en": "Thank you. An advisor will answer.", "ar": "شكرا لك. سيرد عليك مستشار."},
            )
            for name, words in _SECTORS.items()
        },
        inboxes={
            f"{sector}-{channel}": Inbox(
                id=f"{sector}-{channel}", sector=sector, channel=channel, names={"en": f"{words} {channel}"},
                external_id=f"{10 + place}{number}", account_id=f"20{place}", portfolio_id="300",
            )
            for place, (sector, words) in enumerate(_SECTORS.items())
            for number, channel in enumerate(Channel)
        },
    )  # fmt: skip


STAND_IN = _stand_in()


async def apply_trial_organisation(dsn: str) -> bool:
    """Whether it is the demo's."""
    try:
        from server.actions.organisation import apply
    except ImportError:
        await _insert(dsn, STAND_IN)
        return False
    pool = await open_pool(dsn, size=1)
    try:
        await apply(pool, DEMO_ORGANISATION)
        return True
    except OrganisationError as error:
        warnings.warn(f"The demo organisation cannot be applied: {error}", stacklevel=1)
    finally:
        await pool.close()
    await _insert(dsn, STAND_IN)
    return False


async def _insert(dsn: str, organisation: Organisation) -> None:
    connection = await asyncpg.connect(dsn)
    await prepare(connection)

    async def rows(table: str, items: Any, **more: Any) -> None:
        for each in items.values():
            values = {"id": each.id, "definition": msgspec.to_builtins(each)}
            values |= {name: read(each) for name, read in more.items()}
            places = ", ".join(f"${n + 1}" for n in range(len(values)))
            await connection.execute(f"insert into {table} ({', '.join(values)}) values ({places})", *values.values())

    try:
        await rows("sector", organisation.sectors, names=lambda s: s.names, bots=lambda s: s.bots)
        await rows("meta_app", organisation.apps)
        await rows("calendar", organisation.calendars)
        await rows("sla_policy", organisation.sla_policies)
        await rows("skill", organisation.skills)
        await rows("queue", organisation.queues, sector_id=lambda q: q.sector)
        await rows(
            "inbox", organisation.inboxes, sector_id=lambda i: i.sector, app_id=lambda i: i.app,
            channel=lambda i: i.channel.value, external_id=lambda i: i.external_id,
        )  # fmt: skip
        await connection.execute("update organisation set version = 1, applied_at = now()")
    finally:
        await connection.close()
