"""The Meta health page's made-up data, worded by the real presenters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from server.domain.account_events import meaning_of
from server.domain.inbound import Severity
from server.domain.model import Channel
from server.store.health import InboxStanding
from server.web import i18n
from server.web.health_checks import Checks
from server.web.wire.meta_health import AccountEvent, InboxHealth, MetaHealth

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
_NAMES = {
    "cafe": {"en": "Havana Café on WhatsApp", "ar": "هافانا كافيه على واتساب"},
    "school": {"en": "School Catering on Messenger", "ar": "تغذية المدارس على ماسنجر"},
    "desk": {"en": "Investment Services on Instagram", "ar": "خدمات الاستثمار على إنستغرام"},
}


def health(case: str, language: str, role: str) -> dict[str, Any]:
    checks = Checks(i18n.catalogue(language), NOW, {"cafe": 3}, {}, {"school"} if case != "empty" else set())
    rows = [] if case == "empty" else [_cafe(), _school(), _desk()]
    inboxes = [_inbox(checks, row, language) for row in rows]
    events = [
        _event(language, 3, "message_template_status_update", "DISABLED", Severity.CRITICAL, 40, template="hello"),
        _event(language, 2, "majlis", "UNSUBSCRIBED", Severity.CRITICAL, 300, ended=True),
        _event(language, 1, "phone_number_quality_update", "THROUGHPUT_UPGRADE", Severity.INFO, 5000),
    ]
    found = MetaHealth(
        as_of=NOW, severity=max((each.severity for each in inboxes if each.severity), default=None, key=_weight),
        checks=[checks.journal(0, 0.0, late=False), checks.nowhere(2 if case == "long" else 0)], inboxes=inboxes,
        templates=events[:1] if rows else [], events=events if rows else [], may_check=role == "administrator",
    )  # fmt: skip
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told


def costs(language: str) -> dict[str, Any]:
    lines = [{"category": "service", "type": "regular", "charged": True, "count": 40}]
    one = {"inbox": "cafe", "inbox_name": _NAMES["cafe"][language], "sector": "hospitality", "sector_name": "Café",
           "channel": "whatsapp", "time_zone": "Asia/Riyadh", "delivered": 1340, "charged": 340,
           "free": {"allowance": 1000, "used": 1000, "left": 0}, "lines": lines}  # fmt: skip
    return {"month": "2026-11", "delivered": 1340, "charged": 340, "inboxes": [one]}


def _weight(severity: Severity) -> int:
    return 2 if severity is Severity.CRITICAL else 1


def _inbox(checks: Checks, row: InboxStanding, language: str) -> InboxHealth:
    found = checks.of(row)
    bad = [each.severity for each in found if each.severity]
    return InboxHealth(
        id=row.id, name=_NAMES[row.id][language], sector="hospitality", sector_name=_NAMES[row.id][language],
        channel=row.channel, display="+966 12 555 0101", severity=max(bad, default=None, key=_weight),
        checked_at=row.checked_at, checks=found,
    )  # fmt: skip


def _cafe() -> InboxStanding:
    return _standing(
        "cafe", Channel.WHATSAPP, paused_at=NOW - timedelta(hours=2), paused_reason="190: Session has expired",
        subscription={"state": "restored", "restored_at": (NOW - timedelta(minutes=5)).isoformat()},
        token_state={"state": "invalid"}, quarantined=2, uncertain=1, queued=12,
        number={"verified_name": "Havana Café", "quality_rating": "YELLOW", "throughput": {"level": "STANDARD"},
                "status": "CONNECTED", "name_status": "DECLINED"},
    )  # fmt: skip


def _school() -> InboxStanding:
    number = {"name": "School Catering"}
    return _standing("school", Channel.MESSENGER, heard_at=NOW - timedelta(hours=20), number=number)


def _desk() -> InboxStanding:
    number = {"name": "investment.services"}
    partial = {"state": "partial", "fields": ["messaging_handover", "standby"], "object": "instagram"}
    return _standing("desk", Channel.INSTAGRAM, subscription=partial, number=number)


def _standing(id: str, channel: Channel, **more: Any) -> InboxStanding:
    given: dict[str, Any] = {
        "sector_id": "hospitality", "external_id": "1", "account_id": "2", "has_token": True,
        "token_set_at": NOW - timedelta(days=30), "paused_at": None, "paused_reason": None, "resumes_at": None,
        "checked_at": NOW - timedelta(minutes=4), "heard_at": NOW - timedelta(seconds=50),
        "subscription": {"state": "subscribed"}, "token_state": {"state": "valid"}, "number": {}, "quarantined": 0,
        "uncertain": 0, "queued": 0,
    }  # fmt: skip
    return InboxStanding(id=id, channel=channel, **(given | more))


def _event(
    language: str, id: int, field: str, event: str, severity: Severity, minutes: int, *, template: str = "",
    ended: bool = False,
) -> AccountEvent:  # fmt: skip
    catalogue, meaning = i18n.catalogue(language), meaning_of(field, event, severity)
    assert meaning is not None
    return AccountEvent(
        id=f"a{id}", at=NOW - timedelta(minutes=minutes), severity=severity, field=field, event=event,
        words=catalogue.gettext(meaning.words, template=template, event=event),
        remedy=catalogue.gettext(meaning.remedy) if meaning.remedy else None, inboxes=[_NAMES["cafe"][language]],
        lasting=False, ended_at=NOW - timedelta(minutes=minutes - 10) if ended else None,
    )  # fmt: skip
