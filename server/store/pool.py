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
    asyncpg.IdleInTransactionSessionTimeoutError,
)

# The server ends a transaction whose machine vanished, and with it the locks that everybody else waits for. Our
# transactions make no call elsewhere, so none is idle for long. Without TCP all but the last mean nothing.
_VANISHED = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
    "idle_in_transaction_session_timeout": "15s",
}

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
        server_settings={"timezone": "UTC", "application_name": "majlis", **_VANISHED},
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
