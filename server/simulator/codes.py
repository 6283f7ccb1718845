"""Meta's error codes as data (facts §8): what a refusal, a failed status or an `errors[]` member says."""

import tomllib
from functools import cache
from typing import Any

import msgspec

from server.simulator.assets import ASSETS

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: int
    title: str
    details: str = ""
    # HTTP status of a refusal.
    http: int = 400
    transient: bool = False
    subcode: int | None = None


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    whatsapp: tuple[Code, ...]
    messaging: tuple[Code, ...]


@cache
def book() -> Book:
    return msgspec.convert(tomllib.loads((ASSETS / "codes.toml").read_text(encoding="utf-8")), Book)


def find(channel: str, code: int, subcode: int | None = None) -> Code:
    """What is known of a code; an unheard-of one is made up, as Meta may tomorrow."""
    known = book().whatsapp if channel == "whatsapp" else book().messaging
    alike = [each for each in known if each.code == code]
    exact = next((each for each in alike if each.subcode == subcode), None)
    if exact is not None:
        return exact
    title = alike[0].title if alike else "Something new went wrong"
    http = alike[0].http if alike else 400
    return Code(code=code, subcode=subcode, title=title, details=title, http=http)


def error_of(code: int, details: str | None = None) -> dict[str, Any]:
    """A member of WhatsApp's `errors[]`: on a failed status, on a message that could not be read."""
    known = find("whatsapp", code)
    explained = details or known.details or known.title
    return {
        "code": code,
        "title": known.title,
        "message": known.title,
        "error_data": {"details": explained},
        "href": HELP,
    }
