"""Message templates as an inbox has them: filled for a message, moved by Meta's news, read anew when asked."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from server.actions import owned
from server.actions.unit import Services, Topic, Unit, unit
from server.domain import templates as rules
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid
from server.domain.inbound import UNDATED, AccountItem
from server.domain.organisation import Inbox, Organisation
from server.domain.outgoing import Template
from server.domain.saying import FillTemplate
from server.domain.templates import News, account_of
from server.store import templates

STATUS = "message_template_status_update"
QUALITY = "message_template_quality_update"
CATEGORY = "template_category_update"
COMPONENTS = "message_template_components_update"
FIELDS = (STATUS, "messenger_template_status_update", QUALITY, CATEGORY, COMPONENTS)


def accounts(organisation: Organisation) -> dict[str, Inbox]:
    """Every account that has templates, with an inbox by whose access its list is read."""
    found: dict[str, Inbox] = {}
    for _, inbox in sorted(organisation.inboxes.items()):
        if (account := account_of(inbox)) is not None:
            found.setdefault(account, inbox)
    return found


async def filled(work: Unit, conversation: Conversation, saying: FillTemplate) -> Template:
    """The message a filled template makes. Raises `Invalid`."""
    account = account_of(work.organisation.inboxes[conversation.inbox_id])
    stored = await templates.one(work.connection, account, saying.name, saying.language) if account else None
    if stored is None:
        raise Invalid("There is no such template here.", field="name")
    return rules.fill(stored, saying.values)


async def refresh(services: Services, viewer: Viewer, conversation_id: int) -> None:
    """Has the list of the conversation's inbox read anew. Only for its owner. Raises `Forbidden`, `NotFound`."""
    async with unit(services) as work:
        conversation = await owned.take(work, viewer, conversation_id)
        account = account_of(work.organisation.inboxes[conversation.inbox_id])
        if account:
            await ask(work, [account])


async def ask(work: Unit, account_ids: Sequence[str]) -> None:
    await templates.expect(work.connection, account_ids)
    if await templates.ask(work.connection, account_ids):
        work.wake(Topic.TEMPLATES)


async def follow(work: Unit, items: Sequence[AccountItem]) -> None:
    """Moves templates as Meta's news say; what it does not say in full makes the list due."""
    known = accounts(work.organisation)
    found = [(each, item) for item in items if item.field in FIELDS for each in _accounts(work, item) if each in known]
    if not found:
        return
    await templates.follow(work.connection, [_news(account, item, work.now) for account, item in found])
    # Also a new template, and one that was changed: only the list has the whole of it.
    await ask(work, sorted({account for account, _ in found}))


def _accounts(work: Unit, item: AccountItem) -> Iterator[str]:
    """The account the item names itself, or that of the inbox it names."""
    yield item.account_id
    inbox = work.organisation.inbox_of(item.channel, item.account_id)
    if inbox is not None and (account := account_of(inbox)) not in (None, item.account_id):
        yield account or ""


def _news(account: str, item: AccountItem, now: datetime) -> News:
    data = item.data
    reason = _text(data, "reason") or _text(data, "disable_info") or _text(data, "rejection_info")
    return News(
        account=account, name=_text(data, "message_template_name"), language=_text(data, "message_template_language"),
        status=_word(data, "event") if item.field in FIELDS[:2] else None,
        category=_word(data, "new_category") if item.field == CATEGORY else _word(data, "message_template_category"),
        quality=_word(data, "new_quality_score") if item.field == QUALITY else None,
        reason="" if reason in ("NONE", "None") else reason,
        at=now if item.at == UNDATED else min(item.at, now),
    )  # fmt: skip


def _word(data: dict[str, Any], name: str) -> str | None:
    return _text(data, name).lower() or None


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)[:500]
    return str(value)[:500] if value is not None else ""
