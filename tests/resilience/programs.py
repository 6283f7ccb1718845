"""Programs of ours as the operating system sees them: started, waited for, killed without a word, put away."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


class Program:
    """`python -m …` with its output in a file. `tree` is the checkout whose code runs."""

    def __init__(
        self, name: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], tree: Path = CHECKOUT
    ) -> None:
        self.name = name
        self.output = folder / f"{name}.out"
        self.starts = 0
        self._arguments = arguments
        self._environment = environment
        self._tree = tree
        self._running: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def pid(self) -> int:
        assert self._running is not None, f"{self.name} was not started"
        return self._running.pid

    @property
    def runs(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def __str__(self) -> str:
        return f"{self.name} ({'runs' if self.runs else 'does not run'}, started {self.starts} times)"

    def start(self) -> None:
        self.starts += 1
        self._said_before = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as output:
            self._running = subprocess.Popen(
                [sys.executable, "-m", *self._arguments], cwd=self._tree, env=dict(self._environment),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """As a power cut would: nothing gets a chance to finish."""
        if self.runs:
            os.kill(self.pid, signal.SIGKILL)
        if self._running is not None:
            self._running.wait()

    async def said(self, words: str, seconds: float) -> None:
        """Waits until the program, since its last start, has printed the words."""
        until = time.monotonic() + seconds
        while words not in self.words():
            assert self.runs, f"{self.name} ended:\n{self.words()[-3000:]}"
            assert time.monotonic() < until, f"{self.name} did not say {words!r}:\n{self.words()[-3000:]}"
            await asyncio.sleep(0.02)

    def words(self) -> str:
        """What it printed since its last start."""
        if not self.output.exists():
            return ""
        return self.output.read_bytes()[self._said_before :].decode(errors="replace")

    async def end(self, seconds: float = 12) -> None:
        """Asks it to stop, and makes it."""
        if self.runs:
            os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        while self.runs and time.monotonic() < until:  # noqa: ASYNC110 - a process tells nobody
            await asyncio.sleep(0.02)
        self.kill()


def end_postgres(folder: Path) -> None:
    """Kills a database in a folder of ours that outlived whoever held it."""
    if (pid := postmaster(folder)) is not None:
        kill_tree(pid)


def postmaster(folder: Path) -> int | None:
    try:
        pid = int((folder / "postmaster.pid").read_text().split()[0])
        return pid if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (OSError, ValueError, IndexError):
        return None


def kill_tree(pid: int, *, children: bool = True) -> None:
    """SIGKILL to a database's first process, and to those it made."""
    made = Path(f"/proc/{pid}/task/{pid}/children")
    victims = [int(each) for each in made.read_text().split()] if children and made.exists() else []
    for victim in (pid, *victims):
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue
