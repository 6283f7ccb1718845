"""The bugs that are planted; `bugs.toml` lists them."""

from pathlib import Path

import msgspec


class Patch(msgspec.Struct, frozen=True):
    """Text that stands in the file exactly once, and what replaces it."""

    file: str
    old: str
    new: str


class Bug(msgspec.Struct, frozen=True, rename={"patches": "patch"}):
    name: str
    promise: str
    test: str
    # Part of the statement at which the test must turn red.
    assertion: str
    patches: tuple[Patch, ...]


class _File(msgspec.Struct, frozen=True):
    bug: tuple[Bug, ...]


BUGS = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_File).bug
