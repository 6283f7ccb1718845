"""Addresses by which Meta fetches a file from us: signed, of one file, for some minutes, good for nothing else."""

import re

from server.domain.errors import NotFound, SettingsError
from server.store.vault import Vault

# Meta fetches at once, within 10 s, or 75 s for a video (facts §6); a throttled send waits longer.
_SECONDS = 15 * 60
_PURPOSE = "file "
# As many digits as any row's number has.
_ADDRESSED = re.compile(rf"{_PURPOSE}([0-9]{{1,18}})")


class Links:
    def __init__(self, public_url: str, vault: Vault) -> None:
        self._public_url = public_url
        self._vault = vault

    def address(self, attachment_id: int) -> str:
        return f"{self._public_url}/media/{self._vault.seal(f'{_PURPOSE}{attachment_id}').decode()}"

    def attachment_of(self, token: str) -> int:
        """Raises `NotFound` for a token that is not ours, is for something else, or is too old."""
        try:
            opened = self._vault.open(token.encode("ascii", "replace"), within_seconds=_SECONDS)
        except (SettingsError, UnicodeDecodeError):
            raise NotFound("This address is not valid any more.") from None
        if (addressed := _ADDRESSED.fullmatch(opened)) is None:
            raise NotFound("This address is not valid any more.")
        return int(addressed[1])
