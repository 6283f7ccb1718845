"""kill -9 under load, and the same check against a product that answers before it has stored."""

import shutil
from pathlib import Path

import pytest
from resilience.killing import Plan, run
from resilience.programs import CHECKOUT

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "tests", "benchmarks", "docs", "__pycache__", ".*cache"
)


async def test_nothing_is_lost_doubled_or_out_of_order_under_kills() -> None:
    verdict = await run(Plan(kills=3, postgres_kills=1, rate=60, between=(0.3, 4.0)))
    assert verdict.clean, verdict.summary()
    assert verdict.figures["drained"], verdict.figures
    assert verdict.figures["messages_in"] > 20, verdict.figures
    assert verdict.figures["sends_accepted"] > 10, verdict.figures


async def test_the_check_sees_an_acknowledgement_before_the_commit(tmp_path: Path) -> None:
    verdict = await run(Plan(kills=0, postgres_kills=2, rate=60, between=(0.8, 1.2), tree=planted(tmp_path / "tree")))
    assert verdict.lost, verdict.summary()
    assert not verdict.doubled, verdict.summary()


def planted(tree: Path) -> Path:
    """A copy of the product that says yes to Meta before the bytes are committed."""
    shutil.copytree(CHECKOUT, tree, ignore=_LEFT_OUT)
    place = tree / "server" / "actions" / "journal.py"
    honest = place.read_text(encoding="utf-8")
    kept = "        await done\n"
    if honest.count(kept) != 1:
        pytest.fail("journal.append no longer waits in the way this test knows")
    place.write_text(honest.replace(kept, ""), encoding="utf-8")
    return tree
