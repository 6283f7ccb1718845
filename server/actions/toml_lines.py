"""Where in a TOML text each key stands: `tomllib` says what a document means, not where."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''(?s:.)*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      | (?P<comment>\#[^\n]*)
      | (?P<newline>\n)
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(["\\]))')


def locate(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and array element of a valid TOML document, by its path."""
    return _Scanner(text).lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}
        self._tokens = _tokens(text)
        self._line, self._kind, self._value = 1, "", ""
        self._next()
        table: Path = ()
        while self._kind:
            if self._kind == "newline":
                self._next()
            elif self._value == "[" and self._kind == "mark":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> None:
        self._line, self._kind, self._value = next(self._tokens, (self._line, "", ""))

    def _is(self, mark: str) -> bool:
        return self._kind == "mark" and self._value == mark

    def _header(self) -> Path:
        line = self._line
        self._next()
        several = self._is("[")
        if several:
            self._next()
        *parents, last = self._key()
        path: Path = ()
        for name in parents:
            path = self._newest((*path, name))
            self.lines.setdefault(path, line)
        path = (*path, last)
        if several:
            self.lines.setdefault(path, line)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._newest(path)
        self.lines.setdefault(path, line)
        while self._is("]"):
            self._next()
        return path

    def _newest(self, path: Path) -> Path:
        """A name of an array of tables means its newest table."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path) -> None:
        line, path = self._line, table
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._next()  # the equals sign
        self._read_value(path)

    def _key(self) -> list[str]:
        names = []
        while self._kind in ("bare", "string") or self._is("."):
            if self._kind == "string":
                names.append(_unquoted(self._value))
            elif self._kind == "bare":
                names.append(self._value)
            self._next()
        return names

    def _read_value(self, path: Path) -> None:
        if self._is("["):
            self._next()
            index = 0
            while not self._is("]") and self._kind:
                if self._kind == "newline" or self._is(","):
                    self._next()
                    continue
                self.lines.setdefault((*path, index), self._line)
                self._read_value((*path, index))
                index += 1
            self._next()
        elif self._is("{"):
            self._next()
            while not self._is("}") and self._kind:
                if self._kind == "newline" or self._is(","):
                    self._next()
                else:
                    self._pair(path)
            self._next()
        else:
            # A date and a time of day may be two words, a number two with a dot between.
            while self._kind in ("bare", "string") or self._is("."):
                self._next()


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup or "", match.group()
        if kind != "comment":
            yield line, kind, value
        line += value.count("\n")


def _unquoted(value: str) -> str:
    if value.startswith("'"):
        return value[1:-1]
    return _ESCAPE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), value[1:-1])
