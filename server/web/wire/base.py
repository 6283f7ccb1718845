"""The shape of everything sent: frozen, by keyword, nulls included."""

import msgspec


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Frozen and by keyword. Every field is sent, null included."""


class Named(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class NamedEntity(Struct, frozen=True, kw_only=True):
    """A sector or queue: the organisation's entities have words for ids."""

    id: str
    name: str
