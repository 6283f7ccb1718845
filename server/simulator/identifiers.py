"""Ids as Meta makes them: new ones are never repeated, derived ones are the same after a restart."""

import base64
import hashlib
import secrets
from functools import lru_cache


def wamid() -> str:
    return "wamid." + base64.b64encode(secrets.token_bytes(30)).decode()


def message_id(channel: str) -> str:
    if channel == "whatsapp":
        return wamid()
    prefix = "m_" if channel == "messenger" else "aWdfZAG1faXRlbToxO"
    return prefix + secrets.token_urlsafe(42)


def trace() -> str:
    return "A" + secrets.token_urlsafe(16)[:22]


@lru_cache(maxsize=100_000)
def derived_digits(*parts: str, length: int) -> str:
    """Decimal digits that depend on `parts` alone and do not start with 0."""
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest(), "big")
    floor = 10 ** (length - 1)
    return str(floor + number % (9 * floor))


def new_digits(length: int) -> str:
    """Decimal digits nobody had before."""
    floor = 10 ** (length - 1)
    return str(floor + secrets.randbelow(9 * floor))
