"""Adds rows of one table: by COPY where there are many, by their own statement where there are few.

For hundreds of rows COPY costs the client a quarter and the server two thirds of an `unnest`; for a handful it takes
one round trip more.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from server.store.pool import Connection
from server.store.queries import columns

MANY = 24


async def add(
    connection: Connection, table: str, kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct], statement: str
) -> None:
    """The struct's fields are the table's columns; `statement` takes one array for each of them."""
    if len(rows) < MANY:
        await connection.execute(statement, *columns(rows, kind))
    else:
        await copy(connection, table, kind.__struct_fields__, [msgspec.structs.astuple(row) for row in rows])


async def copy(connection: Connection, table: str, names: Sequence[str], records: Sequence[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(table, columns=names, records=records)
