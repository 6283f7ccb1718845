"""Which inbox hears what Meta tells a whole account, and when what it does not date."""

from datetime import datetime

import msgspec

from server.domain.inbound import UNDATED, AccountItem, PreferenceItem
from server.domain.organisation import Inbox, Organisation


def inbox_of(organisation: Organisation, item: AccountItem | PreferenceItem, app_id: str) -> Inbox | None:
    """One of the numbers that share the account: the one that is named, else the first of those the app signs for."""
    sharing = organisation.inboxes_of_account(item.account_id)
    ours = [each for each in sharing if each.app == app_id] or sharing
    named = _digits(item.data.get("display_phone_number")) if isinstance(item, AccountItem) else ""
    return next((each for each in ours if named and _digits(each.display) == named), ours[0] if ours else None)


def dated(item: AccountItem, received_at: datetime) -> AccountItem:
    """Undated news counts from when it came; the same news an hour later is news again."""
    if item.at != UNDATED:
        return item
    return msgspec.structs.replace(item, at=received_at, key=f"{item.key}:{received_at:%Y%m%d%H}")


def _digits(number: object) -> str:
    return "".join(each for each in number if each.isdecimal()) if isinstance(number, str) else ""
