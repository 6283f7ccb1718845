"""Customers, and the different ids each channel knows them by."""

from typing import Literal

import msgspec

from server.simulator.config import SimulatedInbox
from server.simulator.identifiers import derived_digits, new_digits

LENGTHS = {"whatsapp": 16, "messenger": 16, "instagram": 17}


class Customer(msgspec.Struct, kw_only=True):
    """A person with a phone. `phone` is digits with the country code, as Meta writes it."""

    id: str
    name: str
    language: str = "en"
    phone: str = ""
    country: str = "US"
    username: str = ""
    # Adopted a username: businesses see the business-scoped id only.
    hides_phone: bool = False
    scripted: bool = False
    # Met as a recipient, never as a person: not offered on the page.
    stranger: bool = False
    # Ids somebody else chose, by scope: people we first met as a recipient.
    fixed: dict[str, str] = {}
    # How a look-up of the profile is answered.
    profile: Literal["open", "consent", "gone"] = "open"
    # The file with their face, once somebody asked for it.
    picture: str = ""

    def identifier(self, inbox: SimulatedInbox) -> str:
        """Business-scoped user id, page-scoped id or Instagram-scoped id."""
        if (known := self.fixed.get(inbox.scope)) is not None:
            return known
        digits = derived_digits(self.id, inbox.scope, length=LENGTHS[inbox.channel])
        return f"{self.country}.{digits}" if inbox.channel == "whatsapp" else digits

    @property
    def handle(self) -> str:
        return self.username or "".join(letter for letter in self.id if letter.isascii() and letter.isalnum())


class Register:
    """Everybody, found by our id or by any id a business may address them with."""

    def __init__(self, inboxes: tuple[SimulatedInbox, ...]) -> None:
        self._inboxes = inboxes
        self._by_id: dict[str, Customer] = {}
        self._by_address: dict[tuple[str, str], Customer] = {}
        # Numbers and ids that somebody gave up: nobody is reached there any more.
        self._gone: set[tuple[str, str]] = set()

    def add(self, customer: Customer) -> Customer:
        self._by_id[customer.id] = customer
        for address in self._addresses(customer):
            self._by_address[address] = customer
        return customer

    def remove(self, customer: Customer) -> None:
        self._by_id.pop(customer.id, None)
        for address in self._addresses(customer):
            self._by_address.pop(address, None)

    def renumber(self, customer: Customer, *, phone: str | None) -> None:
        """Another phone number, and with it (or without) other business-scoped ids on WhatsApp."""
        before = self._addresses(customer)
        for address in before:
            self._by_address.pop(address, None)
        scopes = {inbox.scope for inbox in self._inboxes if inbox.channel == "whatsapp"}
        country = customer.country
        customer.fixed = customer.fixed | {scope: f"{country}.{new_digits(LENGTHS['whatsapp'])}" for scope in scopes}
        if phone is not None:
            customer.phone = phone
        self.add(customer)
        self._gone |= set(before) - set(self._addresses(customer))

    def given_up(self, inbox: SimulatedInbox, identifier: str) -> bool:
        return (inbox.scope, identifier) in self._gone or ("phone", identifier) in self._gone

    def get(self, customer_id: str) -> Customer | None:
        return self._by_id.get(customer_id)

    def all(self) -> list[Customer]:
        return list(self._by_id.values())

    def find(self, inbox: SimulatedInbox, identifier: str) -> Customer | None:
        return self._by_address.get((inbox.scope, identifier))

    def known_elsewhere(self, inbox: SimulatedInbox, identifier: str) -> bool:
        """Somebody's id, but for another portfolio, page or account."""
        scopes = {other.scope for other in self._inboxes if other.channel == inbox.channel} - {inbox.scope}
        return any((scope, identifier) in self._by_address for scope in scopes)

    def find_phone(self, phone: str) -> Customer | None:
        return self._by_address.get(("phone", phone))

    def _addresses(self, customer: Customer) -> list[tuple[str, str]]:
        addresses = [(inbox.scope, customer.identifier(inbox)) for inbox in self._inboxes]
        return [*addresses, ("phone", customer.phone)] if customer.phone else addresses
