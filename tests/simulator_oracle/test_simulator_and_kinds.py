"""Simulator and parser were written from the facts sheet apart: each kind the one tells is the kind the other reads."""

from typing import Any

import pytest
from simulator.meta_side import Meta, Receiver
from simulator.telling import INBOX, answered, send

from server.channels import envelope
from server.domain import kinds
from server.domain.inbound import AccountItem, Inbound, MessageItem, PreferenceItem, Rejected, StatusItem, WatermarkItem
from server.simulator.kinds.catalogue import names

# What the simulator calls otherwise: more than one of its words is one kind of ours.
OURS = {"voice": "audio", "like": "sticker", "command": "text"}
SHOWN_AS = {
    ("messenger", "template"): "product", ("instagram", "template"): "product", ("instagram", "product"): "text",
    ("messenger", "fallback"): "text",
}  # fmt: skip
# No message: news of the account, a receipt, a wish; what nobody documents is kept aside.
OTHERWISE: dict[tuple[str, str], type[Any]] = {
    ("whatsapp", "preference"): PreferenceItem, ("whatsapp", "click"): AccountItem,
    ("messenger", "policy_enforcement"): AccountItem, ("messenger", "read"): WatermarkItem,
    ("messenger", "unknown_event"): Rejected, ("instagram", "read"): StatusItem,
    ("instagram", "unknown_event"): Rejected,
}  # fmt: skip


def last(receiver: Receiver) -> Inbound | Rejected:
    return envelope.read(receiver.raw[-1])[-1]


@pytest.mark.parametrize("channel", list(INBOX))
async def test_every_kind_the_simulator_tells_is_read(meta: Meta, receiver: Receiver, channel: str) -> None:
    await send(meta, channel, "text", text="Hello")
    await answered(meta, channel)
    for kind in names()[channel]:
        await send(meta, channel, kind)
        item = last(receiver)
        wanted = OTHERWISE.get((channel, kind), MessageItem)
        assert isinstance(item, wanted), (kind, item)
        if isinstance(item, MessageItem):
            assert item.kind == SHOWN_AS.get((channel, kind), OURS.get(kind, kind)), kind
            assert "missing" not in item.body, kind
            if kinds.is_about(item.kind):
                assert item.about, kind


async def test_every_account_field_the_simulator_tells_is_news(meta: Meta, receiver: Receiver) -> None:
    told = await meta.control("/account-fields")
    for channel, fields in told.items():
        for field in fields:
            await meta.control(f"/inboxes/{INBOX[channel]}/account", {"field": field})
            await meta.settled()
            item = last(receiver)
            assert isinstance(item, AccountItem | PreferenceItem | MessageItem), (channel, field, item)
