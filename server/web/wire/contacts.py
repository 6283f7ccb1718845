"""Customers as people: the addresses they are known by, their conversations, and what was merged."""

from datetime import datetime
from typing import Literal

from server.domain.model import IdentityKind
from server.web.wire.base import Struct
from server.web.wire.conversation import Contact, Summary


class KnownIdentity(Struct, frozen=True, kw_only=True):
    """`label` '' where Meta's own number for the person is all there is."""

    id: int
    kind: IdentityKind
    label: str
    name: str
    picture: str | None


class Merge(Struct, frozen=True, kw_only=True):
    """`by` 'evidence': one delivery named both. `identities`: the addresses it brought."""

    id: int
    by: Literal["evidence", "person"]
    by_name: str | None
    at: datetime
    identities: list[int]
    undone_at: datetime | None
    undone_by_name: str | None
    may_undo: bool


class Person(Struct, frozen=True, kw_only=True):
    """As the reader met them. Asked for by the id of one who was merged, it is whom they became."""

    id: int
    name: str
    username: str | None
    picture: str | None
    identities: list[KnownIdentity]
    conversations: list[Summary]
    merges: list[Merge]
    may_merge: bool


class Found(Struct, frozen=True, kw_only=True):
    """Somebody, by their newest conversation."""

    contact: Contact
    conversation: Summary


class ContactsFound(Struct, frozen=True, kw_only=True):
    contacts: list[Found]


class Merged(Struct, frozen=True, kw_only=True):
    """`contact_id`: the one that stays."""

    merge_id: int
    contact_id: int


class Unmerged(Struct, frozen=True, kw_only=True):
    merge_id: int
    contact_id: int
    other_id: int
