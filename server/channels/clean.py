"""JSON from outside, as values PostgreSQL can keep: no NUL, no lone surrogate, nothing hidden by a repeated key."""

import json
from typing import Any

import msgspec

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_SURROGATES = dict.fromkeys([0, *range(0xD800, 0xE000)], REPLACEMENT)


class Unparsable(Exception):
    """The body is not JSON, or is nested beyond reason."""


def load(body: bytes) -> Any:
    """The document. Raises `Unparsable`."""
    try:
        document = _decode(body)
        return _tidy(document) if b"\\u0000" in body else document
    except RecursionError:
        raise Unparsable("nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return load_patiently(body)


def load_patiently(body: bytes) -> Any:
    """The same by the slower, more forgiving reader: one odd string or number costs only itself.

    Lists under a repeated key are joined, so that neither hides the other. Raises `Unparsable`.
    """
    try:
        return _tidy(
            json.loads(
                body.decode("utf-8-sig", "replace"),
                strict=False,
                parse_int=_integer,
                parse_constant=lambda name: None,
                object_pairs_hook=_join_repeated,
            )
        )
    except RecursionError:
        raise Unparsable("nested too deeply") from None
    except ValueError as error:
        # JSONDecodeError: the place, never the text around it.
        place = f" at {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unparsable(f"not JSON{place}") from None


def dump(value: Any) -> bytes:
    return _encode(value)


def deeper_than(value: Any, levels: int) -> bool:
    if levels < 0:
        return True
    if isinstance(value, dict):
        return any(deeper_than(each, levels - 1) for each in value.values())
    return isinstance(value, list) and any(deeper_than(each, levels - 1) for each in value)


def _integer(digits: str) -> int | str:
    # Python refuses to read, and PostgreSQL to keep, numbers of thousands of digits.
    return int(digits) if len(digits) <= 40 else digits


def _join_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for key, value in pairs:
        if isinstance(value, list) and isinstance(joined.get(key), list):
            joined[key] += value
        else:
            joined[key] = value
    return joined


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_SURROGATES)
    if isinstance(value, dict):
        return {_tidy(key): _tidy(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    return value
