"""Who wrote or was written to on WhatsApp: the business-scoped id first, the phone, which may be absent, as alias."""

import re
from typing import Any

from server.channels.fields import Json, Malformed, identifier, mapping, text
from server.domain.inbound import Address, Sender
from server.domain.model import IdentityKind

_PHONE = re.compile(r"\+?([0-9]{5,20})")


class Contacts:
    """`value.contacts[]`, found by either id."""

    def __init__(self, contacts: list[Json]) -> None:
        self._only = contacts[0] if len(contacts) == 1 else None
        self._by_id: dict[str, Json] = {}
        for contact in contacts:
            for name in ("wa_id", "user_id"):
                if value := text(contact, name):
                    self._by_id.setdefault(value, contact)

    def of(self, item: Any) -> Json | None:
        if not isinstance(item, dict):
            return None
        for name in ("from_user_id", "from", "recipient_user_id", "recipient_id"):
            if found := self._by_id.get(text(item, name)):
                return found
        return self._only if self._only and not _contradicts(self._only, item) else None


def _contradicts(contact: Json, item: Json) -> bool:
    """Two ids of one kind that differ: two people, whom nothing may join."""
    pairs = (("wa_id", "from"), ("user_id", "from_user_id"))
    return any(text(contact, ours) and text(item, theirs) for ours, theirs in pairs)


def person(message: Json, contact: Json | None) -> Sender:
    """The writer. Raises `Malformed` when nothing says who it was."""
    known = contact or {}
    system = mapping(message, "system")
    addresses = _addresses(
        # After a change the new id comes first: replies go there, and the old one finds the person.
        identifier(system, "user_id"), identifier(message, "from_user_id"), identifier(known, "user_id"),
        identifier(system, "previous_user_id"),
        identifier(system, "wa_id"), identifier(message, "from"), identifier(known, "wa_id"),
    )  # fmt: skip
    profile = mapping(known, "profile")
    return Sender(addresses=addresses, name=text(profile, "name"), username=text(profile, "username") or None)


def recipient(echo: Json) -> Sender:
    return Sender(addresses=_addresses(identifier(echo, "to_user_id"), identifier(echo, "to")))


def _addresses(*values: str) -> tuple[Address, ...]:
    found: dict[Address, None] = {}
    for value in values:
        if value:
            phone = _PHONE.fullmatch(value)
            address = Address(IdentityKind.PHONE, phone[1]) if phone else Address(IdentityKind.WHATSAPP_USER, value)
            found[address] = None
    if not found:
        raise Malformed("no id says who this is about")
    return tuple(sorted(found, key=lambda each: each.kind is IdentityKind.PHONE))
