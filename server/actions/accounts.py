"""Which inbox hears what Meta tells a whole account, and when what it does not date."""

from datetime import datetime

import msgspec

from server.domain.inbound import UNDATED, AccountItem, PreferenceItem
from server.domain.organisation import Inbox, Organisation


def inbox_of(organisation: Organisation, item: AccountItem | PreferenceItem, app_id: str) -> Inbox | None:
    """One of the numbers that share the account: the one that is named, else the first of those the app signs for."""
    sharing = organisation.inboxes_of_account(item.account_id)
    ours = [each for each in sharing if each.app == app_id] or sharing
    named = next((each for each in ours if isinstance(item, AccountItem) and is_named(each, item)), None)
    return named or next(iter(ours), None)


def is_named(inbox: Inbox, item: AccountItem) -> bool:
    """Whether the news says the number that people see: an inbox whose number nobody wrote down is never named."""
    number = _digits(item.data.get("display_phone_number"))
    return bool(number) and number == _digits(inbox.display)


def dated(item: AccountItem, received_at: datetime) -> AccountItem:
    """Undated news counts from when it came; the same news an hour later is news again."""
    if item.at != UNDATED:
        return item
    return msgspec.structs.replace(item, at=received_at, key=f"{item.key}:{received_at:%Y%m%d%H}")


def _digits(number: object) -> str:
    return "".join(each for each in number if each.isdecimal()) if isinstance(number, str) else ""
