"""Passwords: argon2id, in a thread, a few at a time so that guesses cannot eat the machine's memory."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.domain.errors import Invalid

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, thread_name_prefix="password")
# Compared with when nobody has the email, so that the answer takes as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$+6m+7MkN7yaKRlbBH2yX2Q$Ef2JftXUXBoqq1iyJQQjyLuLEKJs9ViVqz/m0z0Lajw"


async def hashed(password: str) -> str:
    """Raises `Invalid` when the password is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", field="new_password")
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """False in the same time whether the password is wrong or there is none."""
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_threads, _verify, stored or _NOBODY, password[:LONGEST])
    return right and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
