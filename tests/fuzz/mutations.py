"""Ways to damage a delivery: of its structure (what stays JSON) and of its bytes (what often does not)."""

import copy
import json
import random
import re
from collections.abc import Callable
from typing import Any

Path = tuple[str | int, ...]

_DEEP = 3000
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, -(2**63), 2**64, 10**400, "", " ", "0", "null", "NaN", "\x00", "a\x00b",
    "\ud800", "\udfff\ud800 text", "\u202e\u0000\uffff", "é" * 700, "9" * 400, "x" * 70_000,
    "'; drop table message; --", "{{7*7}}", "<script>alert(1)</script>", [], {}, [[]], [None], {"": ""}, {"\x00": 1},
    [[[[[[]]]]]], "1790000000", -1790000000, 1790000000123456789, "2026-11-22T10:00:00Z", {"id": {"id": {"id": []}}},
)  # fmt: skip


def of_structure(document: Any, dice: random.Random) -> bytes:
    """One to three members replaced, removed, renamed, repeated or moved; still JSON, odd as it may be."""
    document = copy.deepcopy(document)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        places = list(_places(document))
        if not places:
            break
        dice.choice(_CHANGES)(document, dice.choice(places), places, dice)
    return json.dumps(document, ensure_ascii=dice.random() < 0.8).encode("utf-8", "surrogatepass")


def of_bytes(body: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 5))):
        body = dice.choice(_DAMAGES)(body, dice)
    return body


def _places(value: Any, path: Path = ()) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _parent(document: Any, path: Path) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def _replace(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    _parent(document, path)[path[-1]] = copy.deepcopy(dice.choice(_ODD))


def _retype(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    parent = _parent(document, path)
    value = parent[path[-1]]
    others = [[value], {"value": value}, str(value), len(str(value)), [value] * 3]
    parent[path[-1]] = dice.choice(others)


def _remove(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    del _parent(document, path)[path[-1]]


def _rename(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    parent = _parent(document, path)
    if isinstance(parent, dict):
        parent[dice.choice((f"{path[-1]}_", "", "\x00", "id", "from", "type", "object"))] = parent.pop(str(path[-1]))


def _repeat(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    parent = _parent(document, path)
    if isinstance(parent, list):
        parent.extend(copy.deepcopy(parent[int(path[-1])]) for _ in range(dice.choice((1, 2, 40))))
    else:
        parent[path[-1]] = [parent[path[-1]]] * dice.choice((2, 40))


def _move(document: Any, path: Path, places: list[Path], dice: random.Random) -> None:
    other = dice.choice(places)
    value = copy.deepcopy(_parent(document, other)[other[-1]])
    _parent(document, path)[path[-1]] = value


_CHANGES: tuple[Callable[[Any, Path, list[Path], random.Random], None], ...] = (
    _replace, _replace, _replace, _retype, _remove, _rename, _repeat, _move,
)  # fmt: skip


def _flip(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.choice((1, 1, 3, 10))):
        if changed:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _truncate(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def _cut_out(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body) + 1)
    return body[:start] + body[start + dice.choice((1, 5, 50)) :]


def _put_in(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body) + 1)
    bit = dice.choice(
        (b"\x00", b"\xff\xfe", b"\\u0000", b"\\ud800", b"\\", b'"', b"{", b"]", b",", b"\xef\xbb\xbf", b"1e9999")
    )
    return body[:start] + bit * dice.choice((1, 1, 20)) + body[start:]


def _twice(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body) + 1)
    end = dice.randrange(start, len(body) + 1)
    return body[:end] + body[start:end] + body[end:]


def _key_twice(body: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb'"(\w+)" ?:', body))
    if not found:
        return body
    key = dice.choice(found)
    value = dice.choice((b"null", b"[]", b"{}", b'"x"', b"[{}]", b"7"))
    return body[: key.start()] + key[0] + value + b"," + body[key.start() :]


def _number(body: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", body))
    if not found:
        return body
    number = dice.choice(found)
    value = dice.choice((b"9" * 5000, b"1e400", b"-0", b"00", b"1.7e308", b"NaN", b"-Infinity", b"0.1e-400"))
    return body[: number.start()] + value + body[number.end() :]


def _deepen(body: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb'"[^"]*"(?! ?:)', body))
    if not found:
        return body
    text, depth = dice.choice(found), dice.choice((30, 60, 500, _DEEP, 100_000))
    left, right = dice.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return body[: text.start()] + left * depth + text[0] + right * depth + body[text.end() :]


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _flip, _truncate, _cut_out, _put_in, _put_in, _twice, _key_twice, _key_twice, _number, _deepen,
)  # fmt: skip
