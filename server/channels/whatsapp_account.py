"""Fields that tell about the WhatsApp Business Account itself. Facts §2.4."""

from collections.abc import Callable
from typing import Any

from server.channels import clean
from server.channels.account_severity import event_of, severity_of
from server.channels.fields import Json, digest, identifier, key, mapping, objects, present, rows, text, when_or_none
from server.channels.place import Place
from server.domain.inbound import UNDATED, AccountItem, Inbound, Rejected

FIELDS = frozenset({
    "message_template_status_update", "message_template_quality_update", "template_category_update",
    "message_template_components_update", "phone_number_quality_update", "phone_number_name_update", "account_update",
    "account_alerts", "account_review_update", "business_capability_update", "business_username_updates",
    "smb_app_state_sync", "history", "automatic_events", "group_lifecycle_update", "group_participants_update",
    "group_settings_update", "group_status_update", "flows", "security", "partner_solutions",
    "payment_configuration_update", "account_offboarded", "account_reconnected",
})  # fmt: skip
_LONGEST_DATA = 32_000
_AROUND = ("messaging_product", "contacts")


def reader(field: str, *times: Any) -> Callable[[Json, Place], Inbound | Rejected]:
    return lambda value, place: read(field, value, place, *times)


def read(field: str, value: Json, place: Place, *times: Any) -> AccountItem:
    """One item, keyed by what it says."""
    data = _data(field, value)
    event = event_of(field, value)
    at = next((at for each in (value.get("timestamp"), *times) if (at := when_or_none(each))), UNDATED)
    return AccountItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=key("account", field, str(int(at.timestamp())), digest(clean.dump(value))[:32]), at=at,
        field=field, event=event, severity=severity_of(field, event, value), data=data,
    )  # fmt: skip


def _data(field: str, value: Json) -> Json:
    """What operators read: never what customers wrote, nor their address books."""
    if field == "history":
        return {"parts": [_part_of_history(each) for each in objects(value, "history")]}
    if field == "smb_app_state_sync":
        return {"contacts": len(rows(value, "state_sync"))}
    data = {name: each for name, each in value.items() if name not in _AROUND}
    if len(clean.dump(data)) <= _LONGEST_DATA:
        return data
    return {name: each for name, each in data.items() if isinstance(each, str | int | float | bool)}


def _part_of_history(part: Json) -> Json:
    told = mapping(part, "metadata")
    return present(
        phase=told.get("phase"), chunk_order=told.get("chunk_order"), progress=told.get("progress"),
        threads=len(rows(part, "threads")), errors=[text(each, "code") for each in objects(part, "errors")],
    )  # fmt: skip


def account_of(entry: Json, value: Json) -> str:
    """The number the news is about where it is told, else the account that several numbers share."""
    return identifier(mapping(value, "metadata"), "phone_number_id") or text(entry, "id")[:512]
