"""Reading members of untrusted objects: what is missing or of the wrong type is empty, unless it is indispensable."""

import hashlib
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

# Ids are indexed in the database, whose index rows are limited; Meta's own are far shorter.
LONGEST_ID = 512
_SECONDS_BELOW = 10**11
_EARLIEST, _LATEST = 1_072_915_200, 4_102_444_800  # 2004 and 2100


class Malformed(Exception):
    """An indispensable member is missing or wrong; the text names it and quotes nothing."""


def text(source: Json, name: str) -> str:
    value = source.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def identifier(source: Json, name: str) -> str:
    """An id, '' when absent: Meta sends some as numbers and some missing ones as ''."""
    value = text(source, name).strip()
    if len(value) > LONGEST_ID:
        raise Malformed(f"{name} is too long")
    return value


def required(source: Json, name: str) -> str:
    value = identifier(source, name)
    if not value:
        raise Malformed(f"{name} is missing")
    return value


def mapping(source: Json, name: str) -> Json:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def rows(source: Json, name: str) -> list[Any]:
    value = source.get(name)
    return value if isinstance(value, list) else []


def objects(source: Json, name: str) -> list[Json]:
    return [each for each in rows(source, name) if isinstance(each, dict)]


def number(source: Json, name: str) -> int | float | None:
    """A number that JSON and a database can keep, also when it comes as text."""
    value = source.get(name)
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if -(10**15) < value < 10**15 else None


def present(**members: Any) -> Json:
    """An object of what is known: without its empty members."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [], {})}


def when(*candidates: Any) -> datetime:
    """The first usable time, given in seconds or milliseconds, as number or string. Raises `Malformed`."""
    for value in candidates:
        try:
            number = float(value) if not isinstance(value, bool) else 0.0
        except (TypeError, ValueError, OverflowError):
            continue
        seconds = number if number < _SECONDS_BELOW else number / 1000
        if _EARLIEST <= seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC)
    raise Malformed("timestamp is missing or wrong")


def when_or_none(value: Any) -> datetime | None:
    try:
        return when(value)
    except Malformed:
        return None


def key(*parts: str) -> str:
    """The once-key: readable while short, else its digest."""
    joined = ":".join(parts)
    return joined if len(joined) <= LONGEST_ID else f"{parts[0]}:sha256:{digest(joined.encode())}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
