"""Everything that can be asked of the simulator from outside: by the control API and by the phone page alike."""

import time
from typing import Any, Literal

import msgspec
from litestar.exceptions import HTTPException

from server.simulator import cast
from server.simulator.customers import Customer
from server.simulator.scripts.director import Director
from server.simulator.speaking import Speaking, newcomer
from server.simulator.starters import Starters
from server.simulator.switches import changed
from server.simulator.threads import Line, Option, Thread
from server.simulator.world import World


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    inbox: str


class Say(Act, frozen=True, kw_only=True):
    text: str
    reply_to: str | None = None


class Press(Act, frozen=True, kw_only=True):
    # The option's id or title.
    option: str
    # The message it belongs to; None: the newest that offers it.
    line: str | None = None


class Start(Act, frozen=True, kw_only=True):
    entrance: Literal["ad", "link"]
    ref: str = ""
    ad_id: str = ""
    # False: as from placements that send no click id.
    click_id: bool = True


class Look(Act, frozen=True, kw_only=True):
    open: bool = True


class Set(Act, frozen=True, kw_only=True):
    blocked: bool | None = None
    last_wrote_hours_ago: float | None = None


class Business(Act, frozen=True, kw_only=True):
    text: str


ACTS: dict[str, type[Act]] = {
    "say": Say,
    "press": Press,
    "start": Start,
    "look": Look,
    "set": Set,
    "business": Business,
}


class Acts:
    def __init__(self, world: World, speaking: Speaking, starters: Starters, director: Director) -> None:
        self.world = world
        self.director = director
        self._speaking = speaking
        self._starters = starters

    def state(self) -> dict[str, Any]:
        sender = self.world.sender
        return {
            "switches": msgspec.to_builtins(self.world.switches),
            "rate": self.director.rate,
            "scripted": {"started": self.director.started, "playing": self.director.playing},
            "webhooks": {"acknowledged": sender.acknowledged, "outstanding": sender.outstanding},
            "inboxes": [inbox.id for inbox in self.world.config.inboxes],
            "unsubscribed": sorted(sender.unsubscribed),
        }

    def turn(self, body: bytes) -> None:
        """Sets the switches a JSON object names, and the rate. Raises `msgspec.ValidationError`."""
        wanted = msgspec.json.decode(body or b"{}", type=dict[str, Any])
        rate = wanted.pop("rate", None)
        switches = changed(self.world.switches, wanted)
        if rate is not None:
            self.director.set_rate(max(0.0, msgspec.convert(rate, float)))
        self.world.switches = switches
        self.world.sender.wake()

    def create(self, wanted: dict[str, Any]) -> Customer:
        if (known := self.world.customers.get(str(wanted.get("id") or ""))) is not None:
            return known
        return newcomer(self.world, cast.created(wanted))

    def described(self, customer: Customer) -> dict[str, Any]:
        """The person with the id each inbox knows them by."""
        identifiers = {inbox.id: customer.identifier(inbox) for inbox in self.world.config.inboxes}
        return {**msgspec.to_builtins(customer), "identifiers": identifiers}

    def thread(self, customer_id: str, inbox_id: str) -> Thread:
        customer, inbox = self.world.customers.get(customer_id), self.world.inboxes.get(inbox_id)
        if customer is None:
            raise HTTPException(status_code=404, detail=f"There is no customer '{customer_id}'.")
        if inbox is None:
            raise HTTPException(status_code=404, detail=f"There is no inbox '{inbox_id}'.")
        return self.world.thread(customer, inbox)

    def perform(self, customer_id: str, act: Act) -> Any:
        """The line it made, or the thread's key."""
        thread = self.thread(customer_id, act.inbox)
        made: Line | None = None
        match act:
            case Say():
                made = self._say(thread, act)
            case Press():
                made = self._press(thread, act)
            case Business():
                made = self._speaking.business_person_writes(thread, act.text)
            case Start():
                self._starters.start(thread, act.entrance, ref=act.ref, ad_id=act.ad_id, click_id=act.click_id)
            case Look(open=True):
                self._speaking.look(thread)
            case Look():
                self._speaking.look_away(thread)
            case Set():
                _set(thread, act)
        return msgspec.to_builtins(made) if made else {"customer": customer_id, "inbox": act.inbox}

    def _say(self, thread: Thread, act: Say) -> Line:
        if not act.text.strip() or len(act.text) > 20_000:
            raise HTTPException(status_code=400, detail="text: between 1 and 20,000 characters.")
        return self._speaking.say(thread, act.text, reply_to=act.reply_to)

    def _press(self, thread: Thread, act: Press) -> Line:
        lines = [line for line in reversed(thread.from_business()) if act.line in (None, line.id)]
        for line in lines:
            if (option := _option(line, act.option)) is not None:
                return self._speaking.press(thread, line, option)
        raise HTTPException(status_code=400, detail=f"option: nothing on the screen offers '{act.option}'.")


def _option(line: Line, wanted: str) -> Option | None:
    offered = [option for option in line.options if not option.url]
    return next((option for option in offered if wanted in (option.id, option.title)), None)


def _set(thread: Thread, act: Set) -> None:
    if act.blocked is not None:
        thread.blocked = act.blocked
    if act.last_wrote_hours_ago is not None:
        thread.last_inbound_at = time.time() - act.last_wrote_hours_ago * 3600
