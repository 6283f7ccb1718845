"""A message as the console is sent it: what it is called, its files, the signs on it, what may be done about it."""

from typing import Any, cast

from server.domain import kinds, pointing
from server.domain.model import MessageStatus
from server.store.rows import MessageRow
from server.web import failures, wire
from server.web.attached import attachment
from server.web.i18n import Catalogue


def message(row: MessageRow, catalogue: Catalogue) -> wire.Message:
    return wire.Message(
        id=row.id, conversation_id=row.conversation_id, direction=cast(Any, row.direction), author=row.author,
        author_name=row.author_name, kind=row.kind, kind_name=catalogue.gettext(kinds.name(row.kind)), text=row.text,
        body=_body(row, catalogue), at=row.at, status=row.status, status_at=row.status_at,
        uncertain=row.status is MessageStatus.UNCERTAIN, failure=failures.told(row, catalogue),
        reply_to=_quoted(row, catalogue), referral=_referral(row), edited_at=row.edited_at,
        earlier=[wire.Earlier(text=each.text, replaced_at=each.replaced_at) for each in row.earlier or ()],
        revoked_at=row.revoked_at,
        attachments=[attachment(each, catalogue) for each in row.attachments or ()],
        reactions=[wire.Reaction(emoji=each.emoji, by=cast(Any, each.by)) for each in row.reactions or ()],
        may=_may(row),
    )  # fmt: skip


def _body(row: MessageRow, catalogue: Catalogue) -> dict[str, Any]:
    """As it is stored; what Majlis itself says in it, in the reader's language."""
    told = row.body.get("unsupported")
    if row.kind != "unsupported" or not isinstance(told, dict):
        return row.body
    return row.body | {"unsupported": told | {"reason": catalogue.gettext(str(told.get("reason", "")))}}


def _quoted(row: MessageRow, catalogue: Catalogue) -> wire.Quoted | None:
    if row.quoted_id is None or row.quoted_author is None:
        return None
    kind = row.quoted_kind or ""
    return wire.Quoted(
        id=row.quoted_id, text=row.quoted_text or "", author=row.quoted_author, kind=kind,
        kind_name=catalogue.gettext(kinds.name(kind)),
    )  # fmt: skip


def _referral(row: MessageRow) -> wire.Referral | None:
    if row.referral_source is None:
        return None
    return wire.Referral(
        source=row.referral_source, source_id=row.referral_source_id, headline=row.referral_headline,
        body=row.referral_body or {},
    )  # fmt: skip


def _may(row: MessageRow) -> wire.MessageMay:
    return wire.MessageMay(react=pointing.why_unreactable(row) is None, quote=pointing.why_unquotable(row) is None)
