"""The product's own parts in a process of their own, which dies by kill -9 at a chosen seam of a send.

The product knows nothing of this: the kill is planted around its functions here. Reads one order a line on stdin,
`{"seam": …, "after": n}`, and forks a sender that lives until the n-th time it comes by the seam (`""`: until it is
ended); answers `{"died": signal}`. With the argument `keep` it is the rest of the product: doors, intake and clocks.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from server import app, process, telemetry
from server.actions import deliver, outcomes
from server.channels import graph
from server.process import Door, listen
from server.settings import read_settings

SEAMS = ("before claim", "claimed", "call out", "answer in", "recorded")


def main() -> int:
    if sys.argv[1:] == ["keep"]:
        return process.run(lambda stop: _run(stop, sends=False))
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _send(order["seam"], order["after"])
        sys.stdout.write(json.dumps({"pid": child}) + "\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps({"died": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}) + "\n")
        sys.stdout.flush()
    return 0


def _send(seam: str, after: int) -> None:
    """In the child; never returns."""
    sys.stdin.close()
    if seam:
        _plant(seam, after)
    telemetry.set_up_logging(quiet=True)
    os._exit(process.run(lambda stop: _run(stop, sends=True)))


async def _run(stop: asyncio.Event, *, sends: bool) -> int:
    settings = read_settings()
    application = app.build(settings)
    await application.start()
    chosen = [each for each in application.loops if (each.__qualname__ == "outbox") is sends or _ends(each)]
    doors = [] if sends else [Door(application.asgi, listen("127.0.0.1", settings.port))]

    async def ready() -> None:
        sys.stderr.write("ready\n")

    try:
        await process.operate(stop, doors=doors, loops=chosen, ready=ready)
    finally:
        await application.stop()
    return 0


def _ends(loop: Any) -> bool:
    """The one that rings when it is over, which every process needs."""
    return "ring" in loop.__qualname__


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _plant(seam: str, after: int) -> None:
    random.seed(os.getpid())
    passes = 0

    def comes_by() -> bool:
        nonlocal passes
        passes += 1
        return passes >= after

    if seam in ("before claim", "claimed"):
        claim = deliver.Deliverer.claim

        async def claim_and_die(self: deliver.Deliverer, free: int) -> Any:
            if seam == "before claim" and comes_by():
                _die()
            claimed = await claim(self, free)
            if seam == "claimed" and claimed and comes_by():
                _die()
            return claimed

        deliver.Deliverer.claim = claim_and_die  # type: ignore[method-assign]
    elif seam == "call out":
        written = graph._note_written

        async def note_and_die(*given: Any) -> None:
            await written(*given)
            if comes_by():
                # Its body goes out next; it dies while Meta reads, decides or answers.
                asyncio.get_running_loop().call_later(random.uniform(0, 0.02), _die)

        graph._note_written = note_and_die  # type: ignore[assignment]
    elif seam == "answer in":
        read = graph.read_answer

        def read_and_die(*given: Any, **named: Any) -> Any:
            outcome = read(*given, **named)
            if isinstance(outcome, graph.Accepted) and comes_by():
                _die()
            return outcome

        graph.read_answer = read_and_die
    elif seam == "recorded":
        record: Callable[..., Awaitable[dict[str, float]]] = outcomes.record

        async def record_and_die(*given: Any) -> dict[str, float]:
            rests = await record(*given)
            if comes_by():
                _die()
            return rests

        outcomes.record = record_and_die  # type: ignore[assignment]
    else:
        raise ValueError(seam)


if __name__ == "__main__":
    raise SystemExit(main())
