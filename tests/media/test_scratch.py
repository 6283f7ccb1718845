"""What a killed process leaves of a customer's file is gone after the next start; what is in use stays."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from server.files.scratch import clear_abandoned, scratch

_KILLED = """
import asyncio, os, signal
from server.files.scratch import scratch

async def main():
    async with scratch() as file:
        await file.write(b"a customer's passport" * 100_000)
        print(file.folder, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


async def test_a_killed_process_leaves_nothing_for_long(own_place: Path) -> None:
    command = [sys.executable, "-c", _KILLED]
    killed = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    left = Path(killed.stdout.strip())
    assert left.parent == own_place
    assert (left / "file").stat().st_size > 0
    async with scratch() as file:
        await file.write(b"in use")
        assert clear_abandoned() == 1
        assert not left.exists()
        await file.finish()
        assert file.path.read_bytes() == b"in use"
    assert list(own_place.iterdir()) == []


def test_a_folder_without_its_file_has_a_minute(own_place: Path) -> None:
    folder = own_place / "majlis-file-empty"
    folder.mkdir()
    assert clear_abandoned() == 0
    os.utime(folder, (1, 1))
    assert clear_abandoned() == 1
    assert not folder.exists()
