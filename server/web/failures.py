"""Why a message did not arrive, in words, with what may help."""

from typing import Any

from server.domain import failure_codes, failures
from server.domain.model import Channel, MessageStatus
from server.store.rows import MessageRow
from server.web import wire
from server.web.i18n import Catalogue


def told(row: MessageRow, catalogue: Catalogue) -> wire.Failure | None:
    """None while nothing is known to be wrong."""
    if row.status is MessageStatus.UNCERTAIN:
        return advised(row.channel, row.failure, catalogue, uncertain=True)
    return advised(row.channel, row.failure, catalogue) if row.status is MessageStatus.FAILED else None


def advised(
    channel: Channel, failure: dict[str, Any] | None, catalogue: Catalogue, *, uncertain: bool = False
) -> wire.Failure | None:
    """A stored failure in the reader's language; None where there is nothing to say."""
    known = failures.read(failure) if failure else None
    if uncertain:
        advice = failure_codes.UNSURE
    elif known is not None:
        advice = failure_codes.advise(channel, known)
    else:
        return None
    # Numbers below zero are ours, not Meta's.
    code = known.code if known is not None and known.code >= 0 else None
    return wire.Failure(
        code=code, title=known.title if known is not None else "", words=catalogue.gettext(advice.words),
        act=advice.act.value,
    )  # fmt: skip
