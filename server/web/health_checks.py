"""What was found about an inbox, each thing in a line with its remedy, in the reader's language."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from server.domain.failure_codes import NO_TOKEN, advise
from server.domain.inbound import Failure, Severity
from server.domain.model import Channel
from server.store.health import InboxStanding
from server.web.i18n import Catalogue
from server.web.wire.meta_health import Check

_WARNING, _CRITICAL = Severity.WARNING, Severity.CRITICAL
_SOON = timedelta(days=7)


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


_TOKEN = _("Token")
_SENDING = _("Sending")
_SUBSCRIPTION = _("Subscription")
_NUMBER = _("Number")
_ACCOUNT = _("Account")
_HEARD = _("Last heard from Meta")
_QUARANTINE = _("Set aside, not understood")
_UNCERTAIN = _("Uncertain sends")
_UNCONFIRMED = _("Accepted, never reported sent")
_STRAYS = _("Reports without a message")
_JOURNAL = _("Waiting to be read")
_NEW_TOKEN = _("Make a new token in Meta's settings and give it with: {command}")
_REPLAY = _("Settings lists them with the reason. After an update or a change of the organisation run: majlis replay")
_TOKENS = {
    "valid": (_("Accepted by Meta"), None),
    "invalid": (_("Meta no longer accepts it"), _CRITICAL),
    "missing": (_("There is none"), _CRITICAL),
    "unknown": (_("Not asked yet"), None),
}
_SUBSCRIPTIONS = {
    "subscribed": (_("Meta sends us its messages"), None, ""),
    "restored": (_("Meta had stopped; we subscribed again"), _WARNING,
                 _("Messages of that time may be missing: compare with Meta's own inbox.")),
    "partial": (_("Meta does not send everything. Missing: {fields}"), _WARNING,
                _("In Meta's app settings, Webhooks, tick these fields.")),
    "missing": (_("Meta does not send us its messages"), _CRITICAL,
                _("In Meta's settings, give our app this account again; we subscribe by ourselves then.")),
    "silenced": (_("Meta sends our app no webhooks of this kind: {object}"), _CRITICAL,
                 _("In Meta's app settings, Webhooks, enter the callback address again and tick the fields.")),
    "unknown": (_("Not asked yet"), None, ""),
}  # fmt: skip
_NO_ACCOUNT_ID = _("Add the WhatsApp business account's id (account_id) to org.toml, and run: majlis apply")
_NO_PAGE_ID = _("Add the Facebook page's id (page_id) to org.toml, and run: majlis apply")
_LOOK = _("Open the account in Meta Business Suite: Meta says there what it wants.")
_QUALITY = _("Send fewer unasked messages, and only to people who expect them; the rating follows the last seven days.")
_NAME = _("Choose a display name that shows the business, in WhatsApp Manager, Phone numbers.")
_QUALITIES = {"GREEN": _("quality high"), "YELLOW": _("quality medium"), "RED": _("quality low")}
_THROUGHPUTS = {"STANDARD": _("80 messages a second"), "HIGH": _("1,000 messages a second")}
_NAMES_WELL = ("", "APPROVED", "AVAILABLE_WITHOUT_REVIEW", "NON_EXISTS")


class Checks:
    """Looks at one reader's inboxes."""

    def __init__(
        self, catalogue: Catalogue, now: datetime, strays: Mapping[str, int], unconfirmed: Mapping[str, int],
        silent: set[str],
    ) -> None:  # fmt: skip
        self._t = catalogue
        self._now = now
        self._strays = strays
        self._unconfirmed = unconfirmed
        self._silent = silent

    def of(self, row: InboxStanding) -> list[Check]:
        checks = [
            self._token(row), self._sending(row), self._subscription(row), self._number(row), self._heard(row),
            self._count("quarantine", _QUARANTINE, row.quarantined, _REPLAY),
            self._count("uncertain", _UNCERTAIN, row.uncertain,
                        _("Their conversations show them: ask the customer before anything is sent again.")),
        ]  # fmt: skip
        if row.channel is Channel.WHATSAPP:
            checks += [
                self._count("unconfirmed", _UNCONFIRMED, self._unconfirmed.get(row.id, 0),
                            _("Look whether Meta has a disruption (metastatus.com) and whether payment is set up.")),
                self._count("strays", _STRAYS, self._strays.get(row.id, 0),
                            _("Somebody else sends through this number, or an older backup was restored.")),
            ]  # fmt: skip
        return checks

    def journal(self, rows: int, seconds: float, *, late: bool) -> Check:
        words = self._t.ngettext("{count} delivery", "{count} deliveries", rows)
        remedy = _("Is the worker running, and does the database answer? majlis doctor says what it finds.")
        return self._check("journal", _JOURNAL, words, _CRITICAL if late else None, remedy if late else "")

    def nowhere(self, count: int) -> Check:
        return self._count("quarantine", _("Set aside, of no known inbox"), count, _REPLAY)

    def _token(self, row: InboxStanding) -> Check:
        state = str(row.token_state.get("state", "unknown"))
        words, severity = _TOKENS.get(state, _TOKENS["unknown"])
        until = _moment(row.token_state.get("expires_at"))
        if severity is None and until is not None and until < self._now + _SOON:
            return self._check(
                "token", _TOKEN, _("It runs out soon"), _WARNING, _NEW_TOKEN, until, command=_command(row)
            )
        return self._check("token", _TOKEN, words, severity, _NEW_TOKEN if severity else "", row.token_set_at,
                           command=_command(row))  # fmt: skip

    def _sending(self, row: InboxStanding) -> Check:
        if row.paused_at is None:
            return self._check("sending", _SENDING, self._waiting(row.queued), None)
        code, _sign, title = (row.paused_reason or "").partition(":")
        number = int(code) if code.strip().lstrip("-").isdecimal() else NO_TOKEN
        words = self._t.gettext(_("Paused by Meta's refusal: {reason}"), reason=title.strip() or code)
        remedy = advise(row.channel, Failure(code=number)).words
        if row.resumes_at is None:
            remedy = _NEW_TOKEN
        return self._check("sending", _SENDING, words, _CRITICAL, remedy, row.paused_at, command=_command(row))

    def _waiting(self, count: int) -> str:
        if not count:
            return self._t.gettext(_("Nothing waits"))
        return self._t.ngettext("{count} message waits", "{count} messages wait", count)

    def _subscription(self, row: InboxStanding) -> Check:
        state = str(row.subscription.get("state", "unknown"))
        words, severity, remedy = _SUBSCRIPTIONS.get(state, _SUBSCRIPTIONS["unknown"])
        if row.subscription.get("problem") == "no account_id":
            words, severity, remedy = _("We do not know which account to ask"), _WARNING, _NO_ACCOUNT_ID
        elif row.subscription.get("problem") == "no page_id":
            words, severity, remedy = _("We do not know through which page to send"), _CRITICAL, _NO_PAGE_ID
        elif problem := row.subscription.get("problem"):
            words = self._t.gettext(_("Meta does not say: {reason}"), reason=str(problem))
            severity, remedy = _WARNING, _NEW_TOKEN
        at = _moment(row.subscription.get("restored_at"))
        kind = str(row.subscription.get("object", ""))
        fields = ", ".join(map(str, row.subscription.get("fields", ())))
        if state == "partial" and kind:
            remedy = _("In Meta's app settings, Webhooks, {object}, tick these fields.")
        return self._check(
            "subscription", _SUBSCRIPTION, words, severity, remedy, at, command=_command(row), object=kind,
            fields=fields,
        )  # fmt: skip

    def _number(self, row: InboxStanding) -> Check:
        number = row.number
        whatsapp = row.channel is Channel.WHATSAPP
        title = _NUMBER if whatsapp else _ACCOUNT
        if problem := number.get("problem"):
            words = self._t.gettext(_("Meta does not say: {reason}"), reason=str(problem))
            return self._check("number", title, words, _WARNING, _NEW_TOKEN, command=_command(row))
        if not number:
            return self._check("number", title, _("Not asked yet"), None)
        if not whatsapp:
            return self._check("number", title, str(number.get("name") or row.external_id), None)
        quality, status = str(number.get("quality_rating") or ""), str(number.get("status") or "")
        throughput = number.get("throughput")
        level = str(throughput.get("level") if isinstance(throughput, dict) else throughput or "")
        name_status = str(number.get("name_status") or "")
        parts = [self._t.gettext(each) for each in (_QUALITIES.get(quality), _THROUGHPUTS.get(level)) if each]
        parts = [str(number.get("verified_name") or ""), *parts]
        if status not in ("", "CONNECTED"):
            words = self._t.gettext(_("Not connected: {status}"), status=status)
            return self._check("number", title, words, _CRITICAL, _LOOK)
        if quality == "RED":
            return self._check("number", title, " · ".join(filter(None, parts)), _WARNING, _QUALITY)
        if name_status not in _NAMES_WELL:
            parts.append(self._t.gettext(_("name {status}"), status=name_status.lower()))
            bad = name_status in ("DECLINED", "REJECTED", "EXPIRED")
            return self._check("number", title, " · ".join(filter(None, parts)), _WARNING if bad else None,
                               _NAME if bad else "")  # fmt: skip
        return self._check("number", title, " · ".join(filter(None, parts)) or _("Connected"), None)

    def _heard(self, row: InboxStanding) -> Check:
        if row.heard_at is None:
            return self._check("heard", _HEARD, _("Nothing yet"), None)
        if row.id in self._silent:
            remedy = _("Write a message to this inbox yourself. If it does not arrive, run: majlis doctor")
            return self._check("heard", _HEARD, _("Silent for a whole open day"), _WARNING, remedy, row.heard_at)
        return self._check("heard", _HEARD, "", None, at=row.heard_at)

    def _count(self, what: str, title: str, count: int, remedy: str) -> Check:
        words = str(count) if count else self._t.gettext(_("None"))
        return self._check(what, title, words, _WARNING if count else None, remedy if count else "")

    def _check(
        self, what: str, title: str, words: str, severity: Severity | None, remedy: str = "",
        at: datetime | None = None, **values: str,
    ) -> Check:  # fmt: skip
        """Words that are in no catalogue, such as names, stay as they are."""
        return Check(
            what=what, title=self._t.gettext(title), words=self._t.gettext(words, **values) if words else "",
            severity=severity, remedy=self._t.gettext(remedy, **values) if remedy else None, at=at,
        )  # fmt: skip


def _command(row: InboxStanding) -> str:
    """Whole, so that it stays in one piece among words that run the other way."""
    return f"majlis inbox token {row.id}"


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError):
        return None
