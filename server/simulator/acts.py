"""Everything that can be asked of the simulator from outside: by the control API and by the phone page alike."""

import time
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from server.simulator import cast
from server.simulator.asked import Act, Business, Look, Play, Press, Say, Send, Set, Start, Status
from server.simulator.business import BusinessPerson
from server.simulator.customers import Customer
from server.simulator.kinds.telling import Telling
from server.simulator.receipts import Receipts
from server.simulator.scripts.director import Director
from server.simulator.speaking import Speaking, newcomer
from server.simulator.starters import Starters
from server.simulator.switches import changed
from server.simulator.threads import Line, Option, Thread
from server.simulator.world import World


class Acts:
    def __init__(
        self, world: World, *, speaking: Speaking, telling: Telling, business: BusinessPerson, receipts: Receipts,
        starters: Starters, director: Director,
    ) -> None:  # fmt: skip
        self.world = world
        self.director = director
        self._speaking = speaking
        self._telling = telling
        self._business = business
        self._receipts = receipts
        self._starters = starters

    def state(self) -> dict[str, Any]:
        sender = self.world.sender
        return {
            "switches": msgspec.to_builtins(self.world.switches),
            "rate": self.director.rate,
            "scripted": {"started": self.director.started, "playing": self.director.playing},
            "webhooks": {"acknowledged": sender.acknowledged, "outstanding": sender.outstanding},
            "inboxes": [inbox.id for inbox in self.world.config.inboxes],
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
            case Send():
                made = self._telling.send(thread, act)
            case Press():
                made = self._press(thread, act)
            case Business():
                made = self._business.write(thread, act)
            case Status():
                made = self._about(thread, act.line)
                self._receipts.tell(thread, made, act.status, code=act.code, pricing=act.pricing)
            case Play():
                made = self._about(thread, act.line)
                self._receipts.play(thread, made)
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

    def _about(self, thread: Thread, line_id: str | None) -> Line:
        """A message of the business: the one named, else the newest."""
        found = next((line for line in reversed(thread.from_business()) if line_id in (None, line.id)), None)
        if found is None:
            raise HTTPException(status_code=400, detail="line: the business has sent no such message.")
        return found


def _option(line: Line, wanted: str) -> Option | None:
    every = [*line.options, *(option for card in line.cards for option in card.options)]
    return next((option for option in every if not option.url and wanted in (option.id, option.title)), None)


def _set(thread: Thread, act: Set) -> None:
    if act.blocked is not None:
        thread.blocked = act.blocked
    if act.last_wrote_hours_ago is not None:
        thread.last_inbound_at = time.time() - act.last_wrote_hours_ago * 3600
    if act.profile is not None:
        thread.customer.profile = act.profile
    if act.preference is not None:
        thread.stopped = act.preference == "stop"
    if act.holder is not None:
        thread.holder = act.holder
