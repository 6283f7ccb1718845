"""What Meta tells of an account itself (facts §2.4): each field with a value it may well have."""

import copy
import json
import tomllib
from functools import cache
from typing import Any

from server.simulator.assets import ASSETS
from server.simulator.config import SimulatedInbox
from server.simulator.identifiers import new_digits
from server.simulator.webhooks.items import Item
from server.simulator.world import World

Value = dict[str, Any]


@cache
def _book() -> dict[str, dict[str, Value]]:
    document = tomllib.loads((ASSETS / "account_fields.toml").read_text(encoding="utf-8"))
    return {channel: {name: json.loads(text) for name, text in fields.items()} for channel, fields in document.items()}


def defaults(channel: str) -> dict[str, Value]:
    return copy.deepcopy(_book().get(channel, {}))


def put(world: World, inbox: SimulatedInbox, field: str, value: Value) -> None:
    """Tells the business, as one change of its own."""
    now = world.now()
    world.sender.put(
        Item(
            key=f"account:{new_digits(18)}",
            kind=field,
            inbox=inbox,
            customer="",
            at=now,
            content=value,
            field=field,
            whole=True,
        )
    )
