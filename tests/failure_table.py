"""`python -m tests.failure_table` writes docs/errors.md: Meta's errors, what Majlis does, what advisors read."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parent))

from failure_rows import INSTAGRAM, MESSENGER, WHATSAPP, Row

from server.domain.failure_codes import rule_of
from server.domain.failures import Act, Course, Scope
from server.domain.inbound import Failure
from server.domain.model import Channel

PLACE = Path(__file__).parents[1] / "docs" / "errors.md"

_HEAD = """# What Meta refuses, and what happens then

Made by `python -m tests.failure_table`; every row is driven through the stack by `tests/actions/test_failure_rows.py`.
A refusal comes as the answer to a call, or later as a failed status: then the message has failed, what concerns the
account or the customer happens all the same, and only a person sends it again. *Administrators are told* means a line
on *Meta health*, once an hour for each code.
"""
_COURSES = {
    Course.PAUSE_INBOX: "the inbox rests, its messages wait, intake goes on; administrators are told",
    Course.SUPPRESS: "failed; no marketing to this customer {hold}",
    Course.WINDOW_OVER: "failed",
    Course.FIX: "failed",
    Course.ALERT: "failed; administrators are told",
    Course.GIVE_UP: "failed",
    Course.UNSURE: "uncertain: matched by an echo within a minute, else shown; never sent again by itself",
}
_ACTS = {
    Act.RETRY: "send again", Act.TEMPLATE: "choose a template", Act.WAIT: "nothing: wait",
    Act.NONE: "not by sending again",
}  # fmt: skip


def text() -> str:
    parts = [_HEAD, _table("WhatsApp", Channel.WHATSAPP, WHATSAPP)]
    shared = [row for row in MESSENGER if row in INSTAGRAM]
    parts.append(_table("Messenger and Instagram (code/subcode)", Channel.MESSENGER, tuple(shared)))
    parts.append(_table("Messenger alone", Channel.MESSENGER, tuple(row for row in MESSENGER if row not in shared)))
    parts.append(_table("Instagram alone", Channel.INSTAGRAM, tuple(row for row in INSTAGRAM if row not in shared)))
    return "\n".join(parts)


def _table(title: str, channel: Channel, rows: tuple[Row, ...]) -> str:
    head = "| Code | Meaning | What Majlis does | The advisor reads | and can |"
    lines = [f"## {title}", "", head, "|---|---|---|---|---|"]
    for row in rows:
        rule = rule_of(channel, Failure(*row.codes[0]))
        codes = ", ".join(f"{code}/{subcode}" if subcode else str(code) for code, subcode in row.codes)
        lines.append(
            f"| {codes} | {row.meaning} | {_does(channel, row)} | {rule.advice.words} | {_ACTS[rule.advice.act]} |"
        )
    return "\n".join(lines) + "\n"


def _does(channel: Channel, row: Row) -> str:
    rule = rule_of(channel, Failure(*row.codes[0]))
    if rule.course is Course.RETRY:
        waits = [rule.wait(attempts) or 0 for attempts in range(1, rule.tries)]
        held = "the whole inbox waits" if rule.scope is Scope.INBOX else "this message waits"
        times = f"{waits[0]:g} s" if len(waits) == 1 else f"{waits[0]:g} s to {waits[-1]:g} s"
        return f"tried again by itself, {rule.tries} times in all, {held} ({times}); then failed"
    if rule.resume_seconds is not None:
        return f"the inbox rests for {rule.resume_seconds / 60:g} minutes, its messages wait; administrators are told"
    hold = f"for {rule.hold_seconds / 3600:g} hours" if rule.hold_seconds else "until they resume it"
    return _COURSES[rule.course].format(hold=hold)


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
