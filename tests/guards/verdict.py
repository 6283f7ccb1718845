"""A pytest plugin for the runs in a copy: writes down, for each test, how it ended and at which statement."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

FILE = "MAJLIS_VERDICTS"


class Verdict(msgspec.Struct, frozen=True):
    test: str
    passed: bool
    # The class of what was raised, and the innermost statement of the test's own file it came through.
    raised: str = ""
    statement: str = ""
    words: str = ""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome: Any = yield
    report: pytest.TestReport = outcome.get_result()
    if report.when != "call" and report.passed:
        return
    verdict = Verdict(item.nodeid, report.passed)
    if call.excinfo is not None:
        entries = [each for each in call.excinfo.traceback if Path(str(each.path)).parent == item.path.parent]
        statement = " ".join(str(entries[-1].statement).split()) if entries else ""
        # A set-up that fails has caught nothing.
        raised = call.excinfo.type.__name__ + ("" if report.when == "call" else f" in {report.when}")
        verdict = Verdict(item.nodeid, False, raised, statement, str(call.excinfo.value)[:600])
    with Path(os.environ[FILE]).open("ab") as written:
        written.write(msgspec.json.encode(verdict) + b"\n")
