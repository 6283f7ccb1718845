"""Which app hears of which account's events."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.graph.tokens import Tokens
from server.simulator.webhooks.items import OBJECTS
from server.simulator.webhooks.subscribed import FIELDS, by_page
from server.simulator.world import World


class Subscriptions:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens

    def of_account(self, node: str, token: str | None, proof: str | None) -> dict[str, Any]:
        inboxes = self._accounts(node, token, proof)
        inbox = inboxes[0]
        app_id = self._world.config.app(inbox.app).meta_id
        if any(each.id in self._world.switches.unsubscribed for each in inboxes):
            return {"data": []}
        if inbox.channel == "whatsapp":
            return {"data": [{"whatsapp_business_api_data": {"id": app_id, "name": "Majlis", "link": ""}}]}
        fields = self._world.audience.fields(inbox.id, _known(inbox))
        return {"data": [{"id": app_id, "name": "Majlis", "subscribed_fields": fields}]}

    def set(self, node: str, token: str | None, proof: str | None, *, wanted: bool, fields: str = "") -> dict[str, Any]:
        inboxes = self._accounts(node, token, proof)
        known, names = _known(inboxes[0]), [name.strip() for name in fields.split(",") if name.strip()]
        if strange := [name for name in names if name not in known]:
            raise refusals.invalid_message(f"Param subscribed_fields: '{strange[0]}' is not a field of this object")
        ids = {inbox.id for inbox in inboxes}
        if wanted:
            self._world.audience.subscribe(ids)
            if names:
                self._world.audience.limit(ids, [name for name in known if name not in names])
        else:
            self._world.audience.unsubscribe(ids)
        return {"success": True}

    def of_app(self, app_id: str) -> dict[str, Any]:
        """Where an app's webhooks go."""
        names = {inbox.app for inbox in self._world.inboxes.values()}
        if app_id not in {self._world.config.app(name).meta_id for name in names | {"default"}}:
            raise refusals.no_such_node(app_id)
        channels = sorted({inbox.channel for inbox in self._world.inboxes.values()})
        return {
            "data": [
                {
                    "object": OBJECTS[channel],
                    "callback_url": self._world.config.callback,
                    "active": not self._world.audience.app_deaf(channel),
                    "fields": [{"name": name, "version": "v26.0"} for name in self._app_fields(channel)],
                }
                for channel in channels
            ]
        }

    def _app_fields(self, channel: str) -> list[str]:
        return self._world.audience.fields(OBJECTS[channel], FIELDS[channel])

    def _accounts(self, node: str, token: str | None, proof: str | None) -> list[SimulatedInbox]:
        inboxes = [each for each in self._world.inboxes.values() if each.subscriber == node]
        # A page is asked for its own fields, though it may speak for an Instagram account too.
        inboxes.sort(key=by_page)
        if node == "me":
            inboxes = [each for each in self._world.inboxes.values() if each.channel != "whatsapp"][:1]
        if not inboxes:
            raise refusals.no_such_node(node)
        self._tokens.check(inboxes[0], token, proof)
        return inboxes


def _known(inbox: SimulatedInbox) -> list[str]:
    """The fields of the node that subscribes: an Instagram account by Facebook Login has a page's."""
    return FIELDS["messenger" if by_page(inbox) else inbox.channel]
