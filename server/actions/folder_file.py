"""One TOML file of the organisation folder, with the lines of its keys for messages."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from server.actions.choices import choices
from server.actions.toml_lines import Path as KeyPath
from server.actions.toml_lines import locate

T = TypeVar("T")
_SYNTAX = re.compile(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
_FIELD = re.compile(r"unknown field `(?P<unknown>[^`]*)`|missing required field `(?P<missing>[^`]*)`")
_AT = re.compile(r" - at (?:`key` in )?`\$(?P<path>[^`]*)`$")
_PART = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")


class FolderFile:
    """`document` is the parsed text, empty when it could not be parsed; `problems` gathers what is wrong."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.problems: list[tuple[int, str]] = []
        self.document: dict[str, Any] = {}
        self._lines: dict[KeyPath, int] = {}
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
            self.document = tomllib.loads(text)
            self._lines = locate(text)
        except tomllib.TOMLDecodeError as error:
            self._refuse_syntax(str(error), path)
        except UnicodeDecodeError:
            self.problems.append((1, "is not UTF-8 text"))
        except OSError as error:
            self.problems.append((1, f"cannot be read: {error.strerror}"))

    def refuse(self, path: KeyPath, what: str) -> None:
        self.problems.append((self.line(path), f"{'.'.join(map(_shown, path))}: {what}" if path else what))

    def line(self, path: KeyPath) -> int:
        """Of the key, else of the nearest table above that is in the text."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return 1

    def convert(self, value: object, to: type[T], path: KeyPath) -> T | None:
        """The value as a struct; None, and a problem at its line, when it does not fit."""
        try:
            return msgspec.convert(value, to)
        except msgspec.ValidationError as error:
            self._refuse_value(str(error), path, to)
            return None

    def table(self, name: str) -> dict[str, Any]:
        """The tables under `[name.…]`."""
        found = self.document.get(name, {})
        if not isinstance(found, dict):
            self.refuse((name,), "must hold tables")
            return {}
        tables = {}
        for key, each in found.items():
            if isinstance(each, Mapping):
                tables[key] = each
            else:
                self.refuse((name, key), "must be a table")
        return tables

    def report(self) -> list[str]:
        return [f"{self.name}:{line}: {what}" for line, what in sorted(self.problems)]

    def _refuse_syntax(self, error: str, path: Path) -> None:
        match = _SYNTAX.fullmatch(error)
        what = match["what"] if match else error
        if match and match["line"]:
            line = int(match["line"])
        else:
            line = path.read_text(encoding="utf-8", errors="replace").count("\n") + 1
        self.problems.append((line, what[0].lower() + what[1:]))

    def _refuse_value(self, error: str, path: KeyPath, to: object) -> None:
        at = _AT.search(error)
        parts = tuple(_PART.findall(at["path"])) if at else ()
        pattern: KeyPath = (*path, *(name or (index if index == "..." else int(index)) for name, index in parts))
        what = error[: at.start()] if at else error
        field = _FIELD.search(what)
        if field and field["unknown"] is not None:
            self.refuse(self._find((*pattern, field["unknown"])), "is not a key that is known here")
        elif field:
            self.refuse(self._find(pattern), f"lacks the key '{field['missing']}'")
        else:
            known = choices(to, pattern[len(path) :]) if what.startswith("Invalid enum value") else []
            words = f": must be {', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else ""
            self.refuse(self._find(pattern), f"{what[0].lower()}{what[1:]}{words}")

    def _find(self, pattern: KeyPath) -> KeyPath:
        """`...` stands for a key the validator did not name: the one path of the text that fits, if it is only one."""
        if "..." not in pattern:
            return pattern
        fitting = [path for path in self._lines if len(path) == len(pattern) and _fits(path, pattern)]
        return fitting[0] if len(fitting) == 1 else pattern[: pattern.index("...")]


def _fits(path: KeyPath, pattern: KeyPath) -> bool:
    return all(want in ("...", have) for have, want in zip(path, pattern, strict=True))


def _shown(part: str | int) -> str:
    if isinstance(part, int):
        return str(part + 1)
    return part if re.fullmatch(r"[\w-]+", part) else f'"{part}"'
