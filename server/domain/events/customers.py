"""Facts about the customer, told in their conversations."""

from server.domain.events.base import Fact


class ContactLabelled(Fact, frozen=True):
    """Of the contact as this sector knows them; recorded in each of their open conversations there."""

    sector_id: str
    label: str


class ContactUnlabelled(Fact, frozen=True):
    sector_id: str
    label: str


class ContactChanged(Fact, frozen=True):
    """What is known of the customer: a name, a picture, an address."""


class IdentityChanged(Fact, frozen=True):
    """WhatsApp said so: 'number', 'user_id', or 'identity' (the app was set up anew, perhaps by somebody else)."""

    what: str


class ContactsMerged(Fact, frozen=True):
    """The customer is one we knew already. `goes_on_id`: this conversation ended, that one goes on; `took_up_id`: the
    other way round.
    """

    merge_id: int
    by: str
    goes_on_id: int | None = None
    took_up_id: int | None = None


class ContactsSeparated(Fact, frozen=True):
    """A merge was undone."""

    merge_id: int


class MarketingStopped(Fact, frozen=True):
    """By the customer's own word, or known from Meta's refusal (`code`)."""

    category: str
    code: int | None = None


class MarketingResumed(Fact, frozen=True):
    category: str
