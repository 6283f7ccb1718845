"""What an apply would change, for people to read and for the store to write."""

from collections.abc import Iterator
from typing import Any

import msgspec

from server.domain.organisation import Organisation

_NAMES = {
    "apps": "app", "calendars": "calendar", "sla_policies": "SLA policy", "skills": "skill", "flows": "flow",
    "sectors": "sector", "queues": "queue", "inboxes": "inbox", "users": "user",
}  # fmt: skip
_SHOWN = 48
_MOST_DETAILS = 12


class Difference(msgspec.Struct, frozen=True):
    """Ids by entity ('sectors', 'users', …). `renamed`: the organisation's own names changed."""

    added: dict[str, list[str]]
    changed: dict[str, list[str]]
    removed: dict[str, list[str]]
    renamed: bool
    lines: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.renamed)


def compare(before: Organisation, after: Organisation) -> Difference:
    added: dict[str, list[str]] = {}
    changed: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    lines = [f"~ organisation: {each}" for each in _details(before.names, after.names, ("names",))]
    for entity, word in _NAMES.items():
        old, new = getattr(before, entity), getattr(after, entity)
        for key in sorted(new.keys() - old.keys()):
            added.setdefault(entity, []).append(key)
            lines.append(f"+ {word} {key}")
        for key in sorted(new.keys() & old.keys()):
            if old[key] != new[key]:
                changed.setdefault(entity, []).append(key)
                lines += _changed_lines(f"~ {word} {key}", old[key], new[key])
        for key in sorted(old.keys() - new.keys()):
            removed.setdefault(entity, []).append(key)
            lines.append(f"- {word} {key}")
    return Difference(added, changed, removed, before.names != after.names, lines)


def _changed_lines(title: str, old: Any, new: Any) -> list[str]:
    details = list(_details(msgspec.to_builtins(old), msgspec.to_builtins(new), ()))
    lines = [f"{title}: {each}" for each in details[:_MOST_DETAILS]]
    if len(details) > _MOST_DETAILS:
        lines.append(f"{title}: and {len(details) - _MOST_DETAILS} more")
    return lines


def _details(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _details(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _details(one, other, (*path, str(index + 1)))
    else:
        yield f"{'.'.join(path)} {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
