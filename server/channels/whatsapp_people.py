"""Who wrote or was written to on WhatsApp: the business-scoped id first, the phone, which may be absent, as alias."""

import re
from typing import Any

from server.channels.fields import Json, Malformed, identifier, mapping, objects, text
from server.domain.inbound import Address, IdentityChange, Sender
from server.domain.model import IdentityKind

_PHONE = re.compile(r"\+?([0-9]{5,20})")


class Contacts:
    """`value.contacts[]`, found by either id."""

    def __init__(self, contacts: list[Json]) -> None:
        self._only = contacts[0] if len(contacts) == 1 else None
        self._by_id: dict[str, Json] = {}
        for contact in contacts:
            for name in ("wa_id", "user_id", "parent_user_id"):
                if value := text(contact, name):
                    self._by_id.setdefault(value, contact)

    def of(self, item: Any) -> Json | None:
        if not isinstance(item, dict):
            return None
        for name in ("from_user_id", "from", "from_parent_user_id", "recipient_user_id", "recipient_id", "user_id"):
            if found := self._by_id.get(text(item, name)):
                return found
        return self._only if self._only and not _contradicts(self._only, item) else None


def _contradicts(contact: Json, item: Json) -> bool:
    """Two ids of one kind that differ: two people, whom nothing may join."""
    pairs = (("wa_id", "from"), ("user_id", "from_user_id"))
    return any(text(contact, ours) and text(item, theirs) for ours, theirs in pairs)


def person(message: Json, contact: Json | None, change: IdentityChange | None = None) -> Sender:
    """The writer. Raises `Malformed` when nothing says who it was."""
    known = contact or {}
    said = [
        identifier(message, "from_user_id"), identifier(known, "user_id"),
        identifier(message, "from"), identifier(known, "wa_id"),
    ]  # fmt: skip
    shared = None if any(said[2:]) else _shared_number(message)
    if not any(said):
        # A group of companies knows somebody by one more id: not told apart from others, it is used for want of any.
        said = [identifier(message, "from_parent_user_id"), identifier(known, "parent_user_id")]
    # The new ids come first: replies go there, and the old ones find the person.
    addresses = _addresses(*said, first=change.after if change else (), last=change.before if change else ())
    profile = mapping(known, "profile")
    return Sender(
        addresses=addresses, name=text(profile, "name"), username=text(profile, "username") or None,
        shared=shared,
    )  # fmt: skip


def _shared_number(message: Json) -> Address | None:
    """What somebody without a number gave when asked for it, where Meta says so and knows the number."""
    people = objects(message, "contacts") if message.get("type") == "contacts" else []
    if len(people) != 1 or text(people[0], "origin") != "contact_request":
        return None
    given = next((known for each in objects(people[0], "phones") if (known := identifier(each, "wa_id"))), "")
    address = address_of(given)
    return address if address.kind is IdentityKind.PHONE else None


def change_of(system: Json, message: Json) -> IdentityChange | None:
    """Which ids a system message changes; None when it is of a type nobody documents."""
    type = text(system, "type")
    if type == "customer_identity_changed":
        return IdentityChange(what="identity", hash=text(system, "identity") or None)
    if type not in ("user_changed_number", "user_changed_user_id"):
        return None
    number = type == "user_changed_number"
    after = [identifier(system, "user_id"), identifier(system, "wa_id")]
    before = [identifier(system, "previous_user_id")]
    # The old number is the writer's; where only the user id changes the number stays.
    before.append(identifier(message, "from") if number else "")
    new = _known(after)
    return IdentityChange(
        what="number" if number else "user_id", after=new,
        before=tuple(each for each in _known(before) if each not in new),
    )  # fmt: skip


def recipient(echo: Json) -> Sender:
    return Sender(addresses=_addresses(identifier(echo, "to_user_id"), identifier(echo, "to")))


def chooser(told: Json, contact: Json | None) -> Sender:
    """Who stops or resumes something."""
    known = contact or {}
    return Sender(
        addresses=_addresses(
            identifier(told, "user_id"), identifier(known, "user_id"),
            identifier(told, "wa_id"), identifier(known, "wa_id"),
        )
    )  # fmt: skip


def address_of(value: str) -> Address:
    phone = _PHONE.fullmatch(value)
    return Address(IdentityKind.PHONE, phone[1]) if phone else Address(IdentityKind.WHATSAPP_USER, value)


def _known(values: list[str]) -> tuple[Address, ...]:
    """Each once, phones last."""
    found = dict.fromkeys(address_of(value) for value in values if value)
    return tuple(sorted(found, key=lambda each: each.kind is IdentityKind.PHONE))


def _addresses(*values: str, first: tuple[Address, ...] = (), last: tuple[Address, ...] = ()) -> tuple[Address, ...]:
    found = dict.fromkeys((*first, *(address_of(value) for value in values if value), *last))
    if not found:
        raise Malformed("no id says who this is about")
    if len(found) == 1:
        return tuple(found)
    return tuple(sorted(found, key=lambda each: each.kind is IdentityKind.PHONE))
