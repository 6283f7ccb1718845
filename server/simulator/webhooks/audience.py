"""Which webhooks Meta sends of which accounts, and to whom it has stopped sending them."""

from collections.abc import Callable, Iterable, Sequence

from server.simulator.switches import Switches
from server.simulator.webhooks.items import OBJECTS, Item
from server.simulator.webhooks.subscribed import decider, field_of


class Audience:
    """The switches are the one truth: who subscribes turns them as the switches page does."""

    def __init__(self, switches: Callable[[], Switches]) -> None:
        self._switches = switches

    def deaf(self, item: Item) -> str | None:
        """Why this is not delivered; None where it is."""
        if item.inbox.id in self._switches().unsubscribed:
            return "not subscribed"
        if self.app_deaf(item.inbox.channel):
            return "app not subscribed"
        field = field_of(item)
        return f"field not subscribed: {field}" if field in self._without(decider(item.inbox)) else None

    def app_deaf(self, channel: str) -> bool:
        return OBJECTS[channel] in self._switches().webhooks_disabled

    def subscribe(self, ids: Iterable[str]) -> None:
        switches = self._switches()
        switches.unsubscribed = sorted(set(switches.unsubscribed) - set(ids))

    def unsubscribe(self, ids: Iterable[str]) -> None:
        switches = self._switches()
        switches.unsubscribed = sorted(set(switches.unsubscribed) | set(ids))

    def fields(self, whose: str, known: Sequence[str]) -> list[str]:
        """Those of an inbox's account, or of the app for a kind of account."""
        return [each for each in known if each not in self._without(whose)]

    def limit(self, ids: Iterable[str], without: Sequence[str]) -> None:
        """A new subscription replaces the fields of the last one."""
        switches = self._switches()
        kept = {whose: names for whose, names in switches.without_fields.items() if whose not in set(ids)}
        switches.without_fields = kept | ({id: list(without) for id in ids} if without else {})

    def _without(self, whose: str) -> Sequence[str]:
        return self._switches().without_fields.get(whose, ())

    def lost_patience(self, channel: str, seconds: float) -> bool:
        """Pages and Instagram accounts are unsubscribed for it; WhatsApp goes on trying for days."""
        return channel != "whatsapp" and seconds > self._switches().patience_seconds
