"""The Meta health page: for administrators, and for owners to read."""

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from server.actions import detectors, subscriptions
from server.actions.unit import Services
from server.domain.access import Viewer, administers, sees_meta_health
from server.domain.account_events import OURS, meaning_of
from server.domain.errors import Forbidden, NotFound
from server.domain.failure_codes import advise
from server.domain.inbound import Failure, Severity
from server.domain.organisation import Organisation
from server.store import account_events, clock, health, journal
from server.store.account_events import AccountEventRow
from server.store.health import InboxStanding, SendingNews
from server.web import snapshots
from server.web.auth import SignedIn
from server.web.commands import Command
from server.web.health_checks import Checks
from server.web.parameters import Asker, Ours
from server.web.present import Presenter
from server.web.rendering import page
from server.web.snapshots import presenter
from server.web.wire.meta_health import AccountEvent, Asked, InboxHealth, MetaHealth

_MOST_EVENTS = 50
_ORDER = (Severity.CRITICAL, Severity.WARNING)


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


@get("/meta-health", include_in_schema=False)
async def meta_health_page(request: SignedIn, services: Ours) -> Response[str]:
    data = {"inbox": await snapshots.inbox(services, request.auth), "health": await _read(services, request.user)}
    return page(request, "meta_health.html", place="meta-health", page_data=data)


@get("/api/meta-health")
async def meta_health(services: Ours, viewer: Asker) -> MetaHealth:
    """Each inbox of the reader's sectors: what is well, what is not, and what to do about it."""
    return await _read(services, viewer)


@post("/api/meta-health/{inbox_id:str}/check", status_code=200)
async def check_inbox(inbox_id: FromPath[str], data: JSONBody[Command], services: Ours, viewer: Asker) -> Asked:
    """Has Meta asked about this inbox at once; the answer is there a moment later."""
    inbox = services.organisation().inboxes.get(inbox_id)
    if not administers(viewer):
        raise Forbidden("This is for administrators.")
    if inbox is None or inbox.sector not in viewer.sectors:
        raise NotFound("This inbox does not exist.")
    await subscriptions.check_soon(services, inbox_id)
    return Asked(inbox=inbox_id)


async def _read(services: Services, viewer: Viewer) -> MetaHealth:
    if not sees_meta_health(viewer):
        raise Forbidden("This is for administrators and owners.")
    speak, organisation = presenter(services, viewer), services.organisation()
    async with services.pool.acquire() as connection:
        now = await clock.now(connection)
        rows = await health.standing(connection, viewer.sectors)
        strays = await health.strays(connection, detectors.STRAY_SECONDS)
        unconfirmed = await health.unconfirmed(connection, detectors.UNCONFIRMED_SECONDS)
        lag = await journal.lag(connection)
        every = viewer.sectors.issuperset(organisation.sectors)
        nowhere = await health.quarantined_nowhere(connection) if every else 0
        events = await account_events.newest(connection, viewer.sectors, _MOST_EVENTS)
        templates = await account_events.templates(connection, viewer.sectors)
        news = await health.sending_news(connection, [row.id for row in rows])
    silent = {
        row.id for row in rows
        if row.id in organisation.inboxes
        and detectors.is_silent(organisation, organisation.inboxes[row.id], row.heard_at, now)
    }  # fmt: skip
    checks = Checks(speak.catalogue, now, strays, unconfirmed, silent)
    general = [checks.journal(lag.rows, lag.seconds, late=lag.seconds > detectors.LAG_SECONDS)]
    if every:
        general.append(checks.nowhere(nowhere))
    inboxes = [_inbox(row, checks, speak, organisation) for row in rows]
    own = {row.id for row in rows}
    told = [_event(each, speak, own) for each in events] + [_news(each, speak, organisation) for each in news]
    told.sort(key=lambda each: each.at, reverse=True)
    severities = [*(each.severity for each in inboxes), *(each.severity for each in general)]
    return MetaHealth(
        as_of=now, severity=_worst(severities), checks=general, inboxes=inboxes, events=told[:_MOST_EVENTS],
        templates=[_event(each, speak, own) for each in templates], may_check=administers(viewer),
    )  # fmt: skip


def _inbox(row: InboxStanding, checks: Checks, speak: Presenter, organisation: Organisation) -> InboxHealth:
    found = checks.of(row)
    known = organisation.inboxes.get(row.id)
    return InboxHealth(
        id=row.id, name=speak.inbox_name(row.id), sector=row.sector_id, sector_name=speak.sector(row.sector_id).name,
        channel=row.channel, display=known.display if known else "", checked_at=row.checked_at, checks=found,
        severity=_worst(each.severity for each in found),
    )  # fmt: skip


def _worst(severities: Iterable[Severity | None]) -> Severity | None:
    found = set(severities)
    return next((each for each in _ORDER if each in found), None)


def _event(row: AccountEventRow, speak: Presenter, own: set[str]) -> AccountEvent:
    """An account may serve sectors that the reader does not have: of its inboxes only their own are named."""
    meaning = meaning_of(row.field, row.event, row.severity)
    values = _values(row)
    catalogue = speak.catalogue
    words = catalogue.gettext(meaning.words, **values) if meaning else f"{row.field} {row.event}".strip()
    worrying = row.severity is not Severity.INFO
    return AccountEvent(
        id=f"a{row.id}", at=row.at, severity=row.severity, words=words,
        remedy=catalogue.gettext(meaning.remedy, **values) if meaning and meaning.remedy and worrying else None,
        field=row.field, event=row.event, inboxes=[speak.inbox_name(each) for each in row.inbox_ids if each in own],
        lasting=row.source == OURS and row.ended_at is None, ended_at=row.ended_at,
    )  # fmt: skip


def _news(row: SendingNews, speak: Presenter, organisation: Organisation) -> AccountEvent:
    words, severity = _SENDING[row.kind]
    inbox, code = organisation.inboxes.get(row.inbox_id), row.data.get("code")
    remedy = None
    if inbox is not None and isinstance(code, int):
        remedy = speak.catalogue.gettext(advise(inbox.channel, Failure(code, row.data.get("subcode"))).words)
    return AccountEvent(
        id=f"s{row.id}", at=row.at, severity=severity, remedy=remedy if severity is not Severity.INFO else None,
        words=speak.catalogue.gettext(words, reason=str(row.data.get("title") or code or "")), field="sending",
        event=row.kind, inboxes=[speak.inbox_name(row.inbox_id)], lasting=False, ended_at=None,
    )  # fmt: skip


_SENDING = {
    "SendingPaused": (_("Sending stopped: {reason}"), Severity.CRITICAL),
    "SendingAlarmed": (_("Meta refuses messages for the account's sake: {reason}"), Severity.WARNING),
    "SendingResumed": (_("Sending goes on"), Severity.INFO),
}


def _values(row: AccountEventRow) -> dict[str, Any]:
    """What the words may name; of Meta's own data only short words and numbers."""
    given = {name: each for name, each in row.data.items() if isinstance(each, str | int) and len(str(each)) < 200}
    template = given.get("message_template_name", "")
    return {**given, "template": template, "event": row.event.lower().replace("_", " ") or row.field}
