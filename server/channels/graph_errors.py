"""Reads the error bodies of the Graph API. Facts §8."""

from typing import Any

from server.channels import clean
from server.channels.fields import Json, mapping, text
from server.domain.failure_codes import NO_CODE
from server.domain.inbound import Failure


def read_error(body: bytes) -> Failure | None:
    """Meta's own error, or None when the body holds none: then a gateway spoke, not Meta."""
    try:
        document = clean.load(body)
    except clean.Unparsable:
        return None
    error = mapping(document, "error") if isinstance(document, dict) else {}
    code = _number(error.get("code"))
    if code is None:
        return None
    return failure_of(error, code)


def failure_of(error: Json, code: int | None = None) -> Failure:
    """One error object, of an answer or of a status."""
    known = _number(error.get("code")) if code is None else code
    return Failure(
        code=NO_CODE if known is None else known,
        subcode=_number(error.get("error_subcode")),
        title=text(error, "title") or text(error, "message"),
        detail=text(mapping(error, "error_data"), "details"),
    )


def code_of(error: Json) -> int | None:
    return _number(error.get("code"))


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:18])
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62 else None
