"""Which accounts Meta sends webhooks of, and to whom it has stopped sending them."""

from collections.abc import Callable, Iterable

from server.simulator.config import SimulatedInbox
from server.simulator.switches import Switches
from server.simulator.webhooks.items import OBJECTS


class Audience:
    """The switches are the one truth: who subscribes turns them as the switches page does."""

    def __init__(self, switches: Callable[[], Switches]) -> None:
        self._switches = switches

    def deaf(self, inbox: SimulatedInbox) -> str | None:
        """Why nothing of this inbox is delivered; None where it is."""
        if inbox.id in self._switches().unsubscribed:
            return "not subscribed"
        return "app not subscribed" if self.app_deaf(inbox.channel) else None

    def app_deaf(self, channel: str) -> bool:
        return OBJECTS[channel] in self._switches().webhooks_disabled

    def subscribe(self, ids: Iterable[str]) -> None:
        switches = self._switches()
        switches.unsubscribed = sorted(set(switches.unsubscribed) - set(ids))

    def unsubscribe(self, ids: Iterable[str]) -> None:
        switches = self._switches()
        switches.unsubscribed = sorted(set(switches.unsubscribed) | set(ids))

    def lost_patience(self, channel: str, seconds: float) -> bool:
        """Pages and Instagram accounts are unsubscribed for it; WhatsApp goes on trying for days."""
        return channel != "whatsapp" and seconds > self._switches().patience_seconds
