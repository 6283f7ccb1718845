"""Each promise has a test that turns red, at a named assertion, when its guard is removed in a copy of the product."""

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import Cluster
from guards.bugs import BUGS, Bug, Patch
from guards.copies import CannotPlant, Run, copy, plant, run, variant
from guards.verdict import Verdict

# What a test raises to say no. Anything else is a crash, and a crash has not seen the bug.
_SAYS_NO = ("AssertionError", "Failed")
# The machine the checks run on has two cores.
_AT_ONCE = 2
PROMISES = {f"P{number}" for number in range(1, 13)}


class Guarding:
    """Runs what was asked for, two at a time: the healthy copy first, once for all tests."""

    def __init__(self, folder: Path, cluster: Cluster, bugs: list[Bug]) -> None:
        self._folder, self._cluster = folder, cluster
        self._copy = copy(folder / "as-it-is")
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        tests = sorted({each.test for each in bugs})
        halves = (tests[::2], tests[1::2])
        self._healthy = [
            self._threads.submit(self._run, f"healthy-{place}", (), half) for place, half in enumerate(halves) if half
        ]
        self._planted: dict[str, Future[Run]] = {
            each.name: self._threads.submit(self._run, each.name, each.patches, [each.test]) for each in bugs
        }

    def before(self, bug: Bug) -> list[Verdict]:
        verdicts = [verdict for half in self._healthy for verdict in half.result().verdicts]
        return [each for each in verdicts if bug.test in (each.test, each.test.split("[")[0])]

    def after(self, bug: Bug) -> Run:
        return self._planted[bug.name].result()

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def _run(self, name: str, patches: tuple[Patch, ...], tests: list[str]) -> Run:
        folder = self._folder / name
        try:
            return run(variant(self._copy, folder, patches), tests, self._cluster)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def guarding(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cluster: Cluster
) -> Iterator[Guarding]:
    asked: list[Any] = [
        cast(Bug, item.callspec.params["bug"]) for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_the_bug_is_seen"
    ]  # fmt: skip
    started = Guarding(tmp_path_factory.mktemp("guards"), cluster, asked)
    yield started
    started.stop()


@pytest.mark.parametrize("bug", BUGS, ids=lambda each: f"{each.promise}-{each.name}")
def test_the_bug_is_seen(guarding: Guarding, bug: Bug) -> None:
    before = guarding.before(bug)
    assert before, f"{bug.test} does not exist"
    assert [each for each in before if not each.passed] == []
    after = guarding.after(bug)
    red = [each for each in after.verdicts if not each.passed]
    assert red, f"nothing saw it:\n{after.output[-3000:]}"
    seen = [each for each in red if each.raised in _SAYS_NO and bug.assertion in each.statement]
    assert seen, f"it crashed elsewhere: {red}\n{after.output[-3000:]}"


def test_every_promise_is_guarded() -> None:
    assert {each.promise for each in BUGS} == PROMISES
    assert len({each.name for each in BUGS}) == len(BUGS)


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    for text in ("", "once once"):
        file.write_text(text)
        with pytest.raises(CannotPlant):
            plant(file, Patch("code.py", "once", "never"))
