"""Where an embedded database lies and as whom it runs: PostgreSQL refuses root, and others cannot walk everywhere."""

import contextlib
import hashlib
import os
import pwd
import secrets
import tempfile
from pathlib import Path

from server.postgres_binaries import SHARED, Account, reachable

# AF_UNIX paths end at 107 bytes, '/.s.PGSQL.5432' included.
_LONGEST_FOLDER = 90


def account() -> Account | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def make_folder(data: Path) -> Path:
    """The private folder of an installation; root's may be walked through, for the server's user.

    Raises `OSError`.
    """
    data = data.absolute()
    data.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    return data


def cluster_folder(data: Path, account: Account | None) -> Path:
    """`data/postgres`, or a twin elsewhere where the server's user could not walk to it."""
    data = make_folder(data)
    if account is not None and not reachable(data / "postgres"):
        SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
        # Named inside the folder, so that a new folder at the same place begins a new database.
        pointer = data / "postgres.elsewhere"
        with contextlib.suppress(FileExistsError):
            pointer.symlink_to(SHARED / secrets.token_hex(8))
        data = pointer.readlink()
        data.mkdir(exist_ok=True, mode=0o711)
    return data / "postgres"


def holds_cluster(data: Path) -> bool:
    """Whether an embedded database was ever made for this folder. Makes nothing."""
    pointer = data / "postgres.elsewhere"
    places = (data, *((pointer.readlink(),) if pointer.is_symlink() else ()))
    return any((place / "postgres" / "PG_VERSION").exists() for place in places)


def socket_folder(cluster: Path, account: Account | None) -> Path:
    if len(os.fsencode(cluster)) <= _LONGEST_FOLDER:
        return cluster
    short = Path(tempfile.gettempdir()) / f"majlis-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]}"
    owner = account or Account(os.geteuid(), os.getegid())
    try:
        short.mkdir(mode=0o700)
        os.chown(short, owner.uid, owner.gid)
    except FileExistsError:
        # Somebody else's folder under our name would let them pose as the database.
        if short.is_symlink() or short.stat().st_uid != owner.uid:
            raise RuntimeError(f"{short} belongs to somebody else; choose a shorter MAJLIS_DATA.") from None
    return short
