"""Seals what must not be read from a backup: inbox tokens, under `MAJLIS_KEY`."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from server.domain.errors import SettingsError


class Vault:
    """The first key seals, all of them open: put a new key in front to rotate."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SettingsError("MAJLIS_KEY is missing: without it no token can be sealed or opened.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError("MAJLIS_KEY holds something that is no key. Make one with: majlis key") from None

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes, *, within_seconds: int | None = None) -> str:
        """Raises `SettingsError` when no key fits, or when it was sealed longer ago than that."""
        try:
            return self._fernet.decrypt(sealed, within_seconds).decode()
        except InvalidToken:
            raise SettingsError("MAJLIS_KEY does not open a stored token. Set the token again: majlis inbox token") \
                from None  # fmt: skip

    def opens(self, sealed: bytes) -> bool:
        try:
            self.open(sealed)
        except SettingsError:
            return False
        return True


def generate_key() -> str:
    return Fernet.generate_key().decode()
