"""Read marks and typing signs that wait to be told to customers."""

import msgspec

from server.domain.inbound import Address
from server.domain.model import IdentityKind
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("signals")


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """`provider_id`: the customer's newest message."""

    kind: str
    inbox_id: str
    recipient: Address
    provider_id: str | None


async def want_read(connection: Connection, conversation_id: int) -> None:
    await connection.execute(_sql.read, conversation_id)


async def want_typing(connection: Connection, conversation_id: int, user_id: int) -> bool:
    """False when this person's typing there is nobody's business."""
    return await connection.fetchval(_sql.typing, conversation_id, user_id) is not None


async def claim(connection: Connection, most: int) -> list[Signal]:
    """Takes the oldest away; those too late to matter are left out."""
    return [
        Signal(
            kind=row["kind"], inbox_id=row["inbox_id"], provider_id=row["provider_id"],
            recipient=Address(IdentityKind(row["identity_kind"]), row["identity_value"]),
        )
        for row in await connection.fetch(_sql.claim, most)
    ]  # fmt: skip
