"""Why a message did not arrive, in words, with what may help."""

from server.domain import failure_codes, failures
from server.domain.model import MessageStatus
from server.store.views import MessageRow
from server.web import wire
from server.web.i18n import Catalogue


def told(row: MessageRow, catalogue: Catalogue) -> wire.Failure | None:
    """None while nothing is known to be wrong."""
    known = failures.read(row.failure) if row.failure else None
    if row.status is MessageStatus.UNCERTAIN:
        advice = failure_codes.UNSURE
    elif row.status is MessageStatus.FAILED and known is not None:
        advice = failure_codes.advise(row.channel, known)
    else:
        return None
    # Numbers below zero are ours, not Meta's.
    code = known.code if known is not None and known.code >= 0 else None
    return wire.Failure(
        code=code, title=known.title if known is not None else "", words=catalogue.gettext(advice.words),
        act=advice.act.value,
    )  # fmt: skip
