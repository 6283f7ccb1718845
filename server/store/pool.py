"""Connections: codecs, time-outs, and what counts as the database being away."""

from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:  # Generic only in the stubs.
    Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
    Pool = asyncpg.Pool

# Raised when PostgreSQL is down, restarting or refusing: retry, never blame the data.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # A connection that broke between two messages.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.CannotConnectNowError,
)

_encode = msgspec.json.Encoder().encode


async def open_pool(dsn: str, *, size: int = 10) -> Pool:
    """A pool whose connections speak JSON as Python values. Raises one of `AWAY` when it cannot connect."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=_no_reset,
        command_timeout=30,
        timeout=5,
        server_settings={"timezone": "UTC", "application_name": "majlis"},
    )


async def prepare(connection: Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind,
            schema="pg_catalog",
            format="binary" if kind == "jsonb" else "text",
            encoder=_encode_jsonb if kind == "jsonb" else _encode_json,
            decoder=_decode_jsonb if kind == "jsonb" else msgspec.json.decode,
        )


async def _no_reset(connection: Connection) -> None:
    # Only transaction-level locks and SET LOCAL are used, so there is nothing to reset;
    # asyncpg's own reset query would cost a round trip for each use.
    return


def _encode_json(value: Any) -> str:
    return _encode(value).decode()


def _encode_jsonb(value: Any) -> bytes:
    return b"\x01" + _encode(value)


def _decode_jsonb(value: bytes) -> Any:
    return msgspec.json.decode(memoryview(value)[1:])
