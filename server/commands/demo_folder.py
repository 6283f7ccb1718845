"""What a demo keeps in its data folder: secrets, and while it runs its addresses, for commands beside it."""

from pathlib import Path

import msgspec

from server.settings import Settings

APP_SECRET, VERIFY_TOKEN, ACCESS_TOKEN = "app.secret", "verify.token", "access.token"
_ADDRESSES = "addresses.json"


class Addresses(msgspec.Struct, frozen=True):
    console: str
    simulator: str


class Beside(msgspec.Struct, frozen=True):
    """`settings` as the demo has them. Not `running`: it did not say where it can be reached."""

    settings: Settings
    running: bool


def keep_addresses(folder: Path, addresses: Addresses) -> None:
    (folder / _ADDRESSES).write_bytes(msgspec.json.encode(addresses))


def forget_addresses(folder: Path) -> None:
    (folder / _ADDRESSES).unlink(missing_ok=True)


def beside_demo(settings: Settings) -> Beside | None:
    """None when MAJLIS_DATA is no demo's: only a demo keeps an access token in a file of its own."""
    folder = settings.majlis_data
    # A given database or token is an installation's, whatever lies in the folder.
    if settings.database_url or settings.meta_access_token or not (folder / ACCESS_TOKEN).is_file():
        return None
    addresses = _addresses(folder)
    beside = msgspec.structs.replace(
        settings,
        meta_app_secret=settings.meta_app_secret or _kept(folder / APP_SECRET),
        meta_verify_token=settings.meta_verify_token or next(iter(_kept(folder / VERIFY_TOKEN)), None),
        meta_access_token=next(iter(_kept(folder / ACCESS_TOKEN)), None),
    )
    if addresses is not None:
        beside = msgspec.structs.replace(
            beside, public_url=addresses.console, meta_graph_url=addresses.simulator,
            meta_instagram_graph_url=addresses.simulator,
        )  # fmt: skip
    return Beside(beside, running=addresses is not None)


def _addresses(folder: Path) -> Addresses | None:
    try:
        return msgspec.json.decode((folder / _ADDRESSES).read_bytes(), type=Addresses)
    except (OSError, msgspec.DecodeError):
        return None


def _kept(path: Path) -> tuple[str, ...]:
    return (path.read_text(encoding="utf-8").strip(),) if path.is_file() else ()
