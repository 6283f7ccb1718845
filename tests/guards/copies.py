"""Runs named tests in a copy of the product, as it is or with a bug in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from conftest import SHARED_CLUSTER, SHARED_TEMPLATE, Cluster
from guards.bugs import Patch
from guards.verdict import FILE, Verdict

TOP = Path(__file__).resolve().parents[2]
_COPIED = ("server", "migrations", "tests", "pyproject.toml")
_LINKED = ("templates", "static")
_SECONDS = 120
_NOT_COPIED = shutil.ignore_patterns("*.pyc.*", ".*", "node_modules")

_verdicts = msgspec.json.Decoder(Verdict)


class CannotPlant(Exception):
    """The text a patch replaces is not there exactly once: the guard must be written anew."""


class Run(msgspec.Struct, frozen=True):
    verdicts: tuple[Verdict, ...]
    output: str


def copy(folder: Path) -> Path:
    """A copy of the product as it is."""
    folder.mkdir(parents=True)
    for name in _COPIED:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, folder / name, ignore=_NOT_COPIED)
        else:
            shutil.copy2(TOP / name, folder / name)
    for name in _LINKED:
        (folder / name).symlink_to(TOP / name)
    return folder


def variant(of: Path, folder: Path, patches: Sequence[Patch]) -> Path:
    """The copy once more, with these patches. Files are shared with it: whatever is changed is first made its own."""
    shutil.copytree(of, folder, symlinks=True, copy_function=os.link)
    for patch in patches:
        plant(folder / patch.file, patch)
    return folder


def plant(file: Path, patch: Patch) -> None:
    text = file.read_text(encoding="utf-8")
    if text.count(patch.old) != 1:
        raise CannotPlant(f"{patch.file} holds {text.count(patch.old)} times: {patch.old!r}")
    file.unlink()
    file.write_text(text.replace(patch.old, patch.new), encoding="utf-8")


def run(folder: Path, tests: Sequence[str], cluster: Cluster) -> Run:
    """Runs the tests in the copy, on databases of `cluster`."""
    written = folder / "verdicts"
    written.touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    environment |= {
        # Loading the plugins nobody needs here takes longer than most of these tests.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), str(folder / "tests")]),
        SHARED_CLUSTER: cluster.admin,
        FILE: str(written),
    }
    # A changed migration needs a template of its own.
    if _same(folder / "migrations", TOP / "migrations"):
        environment[SHARED_TEMPLATE] = cluster.template
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "pytest_asyncio.plugin", "-p", "guards.verdict",
         "-p", "no:cacheprovider", *tests],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_SECONDS, check=False,
    )  # fmt: skip
    verdicts = tuple(_verdicts.decode(line) for line in written.read_bytes().splitlines())
    return Run(verdicts, ended.stdout.decode("utf-8", "replace"))


def _same(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    return names == sorted(path.name for path in other.iterdir()) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )
