"""What is read out of each payload of tests/payloads, a line an item: `python -m tests.understood` writes it anew.

Look at the difference before you keep it.
"""

from pathlib import Path
from typing import Any

import msgspec

from server.channels import envelope
from server.domain.inbound import (
    AccountItem,
    EchoItem,
    Inbound,
    MessageItem,
    PreferenceItem,
    Rejected,
    StatusItem,
    WatermarkItem,
)  # fmt: skip

PAYLOADS = Path(__file__).parent / "payloads"
KEPT = Path(__file__).parent / "channels" / "understood.txt"
_SARA = "US.1000000000000001+15550001111"


def names() -> list[str]:
    return sorted(each.stem for each in PAYLOADS.glob("*.json"))


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def kept() -> dict[str, list[str]]:
    """The lines by payload."""
    found: dict[str, list[str]] = {}
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            found[list(found)[-1]].append(line.strip())
        elif line:
            found[line] = []
    return found


def brief(item: Inbound | Rejected) -> str:
    """Kind, once-key, who, what was said and everything else that is not empty, on one line."""
    return _brief(item).replace(_SARA, "Sara")


def _brief(item: Inbound | Rejected) -> str:
    if isinstance(item, Rejected):
        return f"rejected {item.reason}: {item.detail}"
    if isinstance(item, MessageItem):
        more = _more(item, "payload", "body", "attachments", "reply_to", "about", "standby", "change")
        came = f" from {item.referral.source} {item.referral.source_id}" if item.referral else ""
        return f"{item.kind} [{item.key}] {_who(item.sender)}: {item.text!r}{came}{more}"
    if isinstance(item, EchoItem):
        more = _more(item, "body", "attachments", "reply_to", "about", "app_id", "metadata")
        return f"echo of {item.kind} [{item.key}] to {_who(item.recipient)}: {item.text!r}{more}"
    if isinstance(item, StatusItem):
        return f"{item.status} [{item.key}]{_more(item, 'local_id', 'failure', 'pricing')}"
    if isinstance(item, AccountItem):
        return f"{item.severity} {item.field}: {item.event or '-'}{_more(item, 'data')}"
    if isinstance(item, PreferenceItem):
        return f"{item.value} {item.category} [{item.key}] {_who(item.sender)}"
    assert isinstance(item, WatermarkItem)
    return f"{item.status} until {item.watermark:%H:%M:%S.%f} [{item.key}]{_more(item, 'provider_ids')}"


def _who(sender: Any) -> str:
    return "+".join(each.value for each in sender.addresses)


def _more(item: Inbound, *names: str) -> str:
    told = msgspec.to_builtins({name: getattr(item, name) for name in names})
    return "".join(f" {name}={msgspec.json.encode(_lean(each)).decode()}" for name, each in told.items() if each)


def _lean(value: Any) -> Any:
    """Without empty members of structs."""
    if isinstance(value, dict):
        return {name: _lean(each) for name, each in value.items() if each not in (None, False)}
    return [_lean(each) for each in value] if isinstance(value, list) else value


def write() -> None:
    lines: list[str] = []
    for name in names():
        lines += [name, *(f"  {brief(each)}" for each in envelope.read(payload(name)))]
    KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
