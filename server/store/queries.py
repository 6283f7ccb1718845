"""Loads named statements from `sql/*.sql`.

A statement begins with `-- name: do_this` and may be followed by comment lines that say why it is as it is.
"""

import re
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def load(subject: str) -> dict[str, str]:
    """Every statement of `sql/<subject>.sql`, by name."""
    parts = _NAME.split((FOLDER / f"{subject}.sql").read_text(encoding="utf-8"))
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{subject}.sql names a statement twice")
    return {name: body.strip().rstrip(";") for name, body in zip(names, bodies, strict=True)}


class Queries:
    """`Queries('journal').append` is the text of the statement `append` in `sql/journal.sql`."""

    def __init__(self, subject: str) -> None:
        self._statements = load(subject)

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(name) from None


def columns(rows: Sequence[msgspec.Struct], kind: type[msgspec.Struct]) -> list[list[Any]]:
    """Rows as one array for each field of their struct: the parameters of an `unnest`."""
    if not rows:
        return [[] for _ in kind.__struct_fields__]
    return list(map(list, zip(*map(attrgetter(*kind.__struct_fields__), rows), strict=True)))
