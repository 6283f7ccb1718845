"""Whom a send is for: a phone number, a business-scoped id, a page- or Instagram-scoped id."""

import re
from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.graph import limits, refusals
from server.simulator.threads import Thread
from server.simulator.world import World

BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def of_whatsapp(world: World, inbox: SimulatedInbox, body: dict[str, Any]) -> tuple[Thread, str]:
    """The thread, and the recipient as it was written. `to` wins over `recipient`."""
    if body.get("to"):
        written = limits.text(body, "to", "to", most=40)
        phone = "".join(letter for letter in written if letter.isdecimal())
        if len(phone) < 5:
            raise refusals.wrong_value("Param to is not a valid phone number.")
        customer = world.customers.find_phone(phone) or _stranger(world, inbox, phone, phone=phone)
        return world.thread(customer, inbox), written
    if not body.get("recipient"):
        raise refusals.missing("to")
    user_id = limits.text(body, "recipient", "recipient", most=140)
    if not BUSINESS_SCOPED.fullmatch(user_id):
        raise refusals.wrong_value("Param recipient is not a valid business-scoped user id.")
    if (found := world.customers.find(inbox, user_id)) is None and world.customers.known_elsewhere(inbox, user_id):
        raise refusals.unknown_person("whatsapp")
    return world.thread(found or _stranger(world, inbox, user_id), inbox), user_id


def of_messaging(world: World, inbox: SimulatedInbox, body: dict[str, Any]) -> tuple[Thread, str]:
    recipient = body.get("recipient")
    if not isinstance(recipient, dict) or not isinstance(recipient.get("id"), str) or not recipient["id"]:
        raise refusals.invalid_message("The parameter recipient is required")
    user_id = recipient["id"]
    if (found := world.customers.find(inbox, user_id)) is None and world.customers.known_elsewhere(inbox, user_id):
        raise refusals.unknown_person(inbox.channel)
    return world.thread(found or _stranger(world, inbox, user_id), inbox), user_id


def known(world: World, inbox: SimulatedInbox, body: dict[str, Any]) -> str | None:
    """The customer a send is for, if we have met them; nobody is made."""
    name = written(body)
    found = world.customers.find(inbox, name) or world.customers.find_phone(name.lstrip("+"))
    return found.id if found is not None else None


def written(body: dict[str, Any]) -> str:
    recipient = body.get("recipient")
    return str(body.get("to") or (recipient.get("id") if isinstance(recipient, dict) else recipient) or "")


def number(world: World, node: str) -> SimulatedInbox:
    """A WhatsApp number by its id."""
    for inbox in world.inboxes.values():
        if inbox.channel == "whatsapp" and inbox.external_id == node:
            return inbox
    raise refusals.no_such_node(node)


def inbox_of(world: World, node: str, body: dict[str, Any]) -> SimulatedInbox:
    """The account a path names. `me`, and a page that sends for its Instagram account, are told by the recipient.

    An Instagram account by Facebook Login cannot be named itself: only its page sends for it.
    """
    if node == "me":
        sharing = [inbox for inbox in world.inboxes.values() if inbox.channel != "whatsapp"]
    else:
        sharing = [inbox for inbox in world.inboxes.values() if inbox.node == node]
    if not sharing:
        raise refusals.no_such_node(node)
    return next((inbox for inbox in sharing if _knows(world, inbox, body.get("recipient"))), sharing[0])


def _knows(world: World, inbox: SimulatedInbox, recipient: Any) -> bool:
    """Whether the person, or the comment that is answered in private, is of this account."""
    if not isinstance(recipient, dict):
        return False
    if comment := recipient.get("comment_id"):
        return any(comment in thread.comments for thread in world.threads() if thread.inbox.id == inbox.id)
    return world.customers.find(inbox, str(recipient.get("id", ""))) is not None


def _stranger(world: World, inbox: SimulatedInbox, identifier: str, *, phone: str = "") -> Customer:
    """Somebody this run has not met: from before a restart, or a checker's own contact."""
    if not world.switches.strangers:
        raise refusals.unknown_person(inbox.channel)
    fixed = {} if phone else {inbox.scope: identifier}
    country = identifier[:2] if inbox.channel == "whatsapp" and not phone else "US"
    customer = Customer(
        id=f"stranger-{identifier}", name=identifier, phone=phone, country=country, stranger=True, fixed=fixed
    )
    return world.customers.add(customer)
