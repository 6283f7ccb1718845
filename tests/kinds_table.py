"""`python -m tests.kinds_table` writes docs/kinds.md: every kind on every channel, with the test that holds it.

What the table says Meta supports is the catalogue (`server/domain/kinds.py`); what a cell names is a test that exists.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from kind_samples import SAID, id_of, told  # noqa: E402
from understood import names, payload  # noqa: E402

from server.channels import envelope  # noqa: E402
from server.domain import kinds  # noqa: E402
from server.domain.inbound import (  # noqa: E402
    AccountItem,
    EchoItem,
    Inbound,
    MessageItem,
    PreferenceItem,
    Rejected,
    StatusItem,
    WatermarkItem,
)
from server.domain.kinds import Kind  # noqa: E402
from server.domain.model import Channel  # noqa: E402

DOCUMENT = ROOT / "docs" / "kinds.md"
_HEAD = """# Every kind of message

Written by `python -m tests.kinds_table` from the catalogue (`server/domain/kinds.py`) and the tests; a test holds it to
them. A cell names the case that holds it, `–` stands where Meta has no such thing. In full:

- *in*: `tests/channels/test_payloads.py::test_payload_is_understood[CASE]`, a payload as Meta sends it; every kind and
  channel is held by `tests/channels/test_kinds_read.py::test_kind_is_read[CHANNEL-KIND]`
- *shown*: `tests/web/test_kinds_shown.py::test_kind_is_shown[CASE]`, delivered and read back as screens are sent it
- *out*: `tests/channels/test_kinds_sent.py::test_kind_is_rendered[CASE]`, the wire form of what we say

Silent kinds are kept and shown, but wake no bot, open no conversation and start no clock. Those *about another message*
take effect on it (`tests/actions/test_changes.py`); they are lines of their own only where it is not known.

What Meta tells the account itself (templates, quality, limits, policy, clicks, histories) is no message: it is kept as
news of the account, and what a customer stops or resumes as their wish; see the last table.
"""


def document() -> str:
    lines = [_HEAD]
    for channel in Channel:
        lines += [
            f"## {_NAMES[channel]}",
            "",
            "| Kind | What it is | | in | shown | out |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(kind, channel) for kind in kinds.CATALOGUE.values() if _is_there(kind, channel)]
        lines.append("")
    lines += ["## Beside messages", "", "| Channel | What | in |", "|---|---|---|"]
    lines += [f"| {_NAMES[channel]} | {what} | `{name}` |" for (channel, what), name in sorted(beside().items())]
    return "\n".join([*lines, ""])


def empty() -> list[str]:
    """What the catalogue says Meta supports and no test holds."""
    missing = []
    for kind in kinds.CATALOGUE.values():
        missing += [f"in {id_of((each, kind.word))}" for each in kind.inbound if (each, kind.word) not in told()]
        missing += [f"out {id_of((each, kind.word))}" for each in kind.outbound if kind.word not in SAID]
    return missing


def beside() -> dict[tuple[Channel, str], str]:
    """The first payload that tells of each thing that is no message."""
    found: dict[tuple[Channel, str], str] = {}
    for name in names():
        for item in envelope.read(payload(name)):
            if not isinstance(item, MessageItem | Rejected):
                found.setdefault((item.channel, _what(item)), name)
    return found


def _what(item: Inbound) -> str:
    if isinstance(item, StatusItem):
        return f"status `{item.status}`"
    if isinstance(item, WatermarkItem):
        return f"`{item.status}` up to a moment"
    if isinstance(item, EchoItem):
        return f"echo: the business did it elsewhere: `{item.kind}`"
    if isinstance(item, PreferenceItem):
        return f"wish of a customer: `{item.value}` {item.category}"
    assert isinstance(item, AccountItem)
    return f"news of the account: `{item.field}`"


_NAMES = {Channel.WHATSAPP: "WhatsApp", Channel.MESSENGER: "Messenger", Channel.INSTAGRAM: "Instagram"}


def _is_there(kind: Kind, channel: Channel) -> bool:
    return channel in kind.inbound or channel in kind.outbound


def _row(kind: Kind, channel: Channel) -> str:
    pair = (channel, kind.word)
    case = f"`{id_of(pair)}`"
    marks = "about another message" if kind.about else "" if kind.speaks else "silent"
    read = f"`{told()[pair][0]}`" if channel in kind.inbound else "–"
    shown = case if channel in kind.inbound else "–"
    out = case if channel in kind.outbound else "–"
    return f"| `{kind.word}` | {kind.name} | {marks} | {read} | {shown} | {out} |"


def write() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    write()
