"""`majlis replay`."""

import argparse
from datetime import UTC, datetime

from server.actions.replay import replay
from server.actions.replay_steps import Fate, Step
from server.commands.ground import once, services
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--since", type=_moment,
        help="only what came since, such as 2026-11-22T09:30 (UTC); and of that the whole journal, not only what was "
        "set aside",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="show what would change, item by item; change nothing")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _replay(options.since, settings, dry_run=options.dry_run))


async def _replay(since: datetime | None, settings: Settings, *, dry_run: bool) -> int:
    async with services(settings) as known:
        outcome = await replay(known, since=since, dry_run=dry_run, tell=_show if dry_run else lambda step: None)
    done = "would be applied" if dry_run else "applied"
    before = f", {outcome.known} already applied" if outcome.known else ""
    left = "would stay" if dry_run else "left"
    print(f"{outcome.applied} {done}{before}, {outcome.left} {left} in quarantine.")
    return 0


_WORDS = {Fate.APPLIED: "would apply", Fate.KNOWN: "already applied", Fate.REFUSED: "still refused"}


def _show(step: Step) -> None:
    where = f"quarantine {step.quarantine_id}" if step.quarantine_id else f"journal {step.journal_id}"
    when = f"{step.received_at:%Y-%m-%d %H:%M:%S}"
    why = f"  ({step.why})" if step.why else ""
    print(f"{_WORDS[step.fate]:<16}{when}  {where:<18}{step.inbox or '-':<26}{step.what}  {step.path}{why}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
