"""Several writes as one statement: one round trip where each would take its own."""

import re
from functools import lru_cache
from typing import Any

from server.store.pool import Connection

_PARAMETER = re.compile(r"\$(\d+)")


class Together:
    """Stands where a connection does: holds back what is executed, and sends it with the first `fetch` or `finish`.

    All of it sees the rows as they were before, and none may touch a row that another one writes. Foreign keys are
    checked when all of it is done.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: list[tuple[str, tuple[Any, ...]]] = []

    async def execute(self, statement: str, *values: Any) -> None:
        self._held.append((statement, values))

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        self._held.append((statement, values))
        return await self.finish()

    async def finish(self) -> list[Any]:
        """The rows of the last statement."""
        held, self._held = self._held, []
        if not held:
            return []
        text = _joined(tuple((statement, len(values)) for statement, values in held))
        return await self._connection.fetch(text, *(value for _, values in held for value in values))


@lru_cache(maxsize=256)
def _joined(statements: tuple[tuple[str, int], ...]) -> str:
    texts, offset = [], 0
    for statement, count in statements:
        texts.append(_PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", statement))  # type: ignore[misc]
        offset += count
    *first, last = texts
    parts = ",\n".join(f"write_{place} as (\n{text}\n)" for place, text in enumerate(first))
    return f"with {parts}\n{last}" if first else last
