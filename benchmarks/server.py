"""Starts one side as a process of its own and ends it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

TOP = Path(__file__).parent.parent


class Side(msgspec.Struct, frozen=True):
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What the process has used so far, in both modes."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(module: str, dsn: str, **extra: str) -> Iterator[Side]:
    """`python -m benchmarks.sides.MODULE`, once it answers."""
    port = free_port()
    environment = {**os.environ, "BENCHMARK_DSN": dsn, "BENCHMARK_PORT": str(port), **extra}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.sides.{module}"],
            env=environment, cwd=TOP, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
        try:
            if not _answers(port, process):
                said.seek(0)
                raise RuntimeError(f"{module} does not answer:\n{said.read().decode(errors='replace')[-2_000:]}")
            yield Side(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(600):
        if process.poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
