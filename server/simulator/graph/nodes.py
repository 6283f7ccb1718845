"""What can be read of the graph: numbers, pages, people, tokens, subscriptions."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.graph.tokens import Tokens
from server.simulator.webhooks.items import OBJECTS
from server.simulator.world import World

FIELDS = {
    "whatsapp": ["messages", "smb_message_echoes", "message_template_status_update", "account_update"],
    "messenger": [
        "messages",
        "message_echoes",
        "message_reads",
        "message_deliveries",
        "messaging_postbacks",
        "messaging_referrals",
    ],
    "instagram": ["messages", "messaging_postbacks", "messaging_seen", "messaging_referral"],
}
SCOPES = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
    "pages_messaging",
    "pages_manage_metadata",
    "instagram_basic",
    "instagram_manage_messages",
]


class Nodes:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens

    def read(self, node: str, fields: str | None, token: str | None, proof: str | None) -> dict[str, Any]:
        """A node with the fields asked for; `id` is always there. Raises `Refusal`."""
        inboxes = self._world.inboxes.values()
        inbox = next((each for each in inboxes if node in (each.external_id, each.entry_id)), None)
        if inbox is not None:
            self._tokens.check(inbox, token, proof)
            known = _account(inbox, node)
        else:
            known = self._person(node, token, proof)
        wanted = {field.split("{")[0].strip() for field in fields.split(",")} if fields else set(known)
        return {name: value for name, value in known.items() if name in wanted or name == "id"}

    def debug_token(self, subject: str | None) -> dict[str, Any]:
        if not subject:
            raise refusals.Refusal(400, 100, "The parameter input_token is required")
        inboxes = self._world.inboxes.values()
        targets = sorted({each.entry_id for each in inboxes})
        scopes = [{"scope": scope, "target_ids": targets} for scope in SCOPES]
        return {
            "data": {
                "app_id": self._world.config.app("default").meta_id,
                "type": "SYSTEM_USER",
                "application": "Majlis simulator",
                "is_valid": self._tokens.is_valid(subject),
                "expires_at": 0,
                "data_access_expires_at": 0,
                "scopes": SCOPES,
                "granular_scopes": scopes,
                "user_id": "122000000000001",
            }
        }

    def subscriptions(self, app_id: str) -> dict[str, Any]:
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
                    "active": True,
                    "fields": [{"name": name, "version": "v26.0"} for name in FIELDS[channel]],
                }
                for channel in channels
            ]
        }

    def subscribed_apps(self, node: str, token: str | None, proof: str | None) -> dict[str, Any]:
        inboxes = self._accounts(node, token, proof)
        app_id = self._world.config.app(inboxes[0].app).meta_id
        if any(inbox.id in self._world.sender.unsubscribed for inbox in inboxes):
            return {"data": []}
        if inboxes[0].channel == "whatsapp":
            return {"data": [{"whatsapp_business_api_data": {"id": app_id, "name": "Majlis", "link": ""}}]}
        return {"data": [{"id": app_id, "name": "Majlis", "subscribed_fields": FIELDS[inboxes[0].channel]}]}

    def subscribe(self, node: str, token: str | None, proof: str | None, *, wanted: bool) -> dict[str, Any]:
        ids = {inbox.id for inbox in self._accounts(node, token, proof)}
        if wanted:
            self._world.sender.unsubscribed -= ids
        else:
            self._world.sender.unsubscribed |= ids
        return {"success": True}

    def _accounts(self, node: str, token: str | None, proof: str | None) -> list[SimulatedInbox]:
        inboxes = [each for each in self._world.inboxes.values() if each.entry_id == node]
        if node == "me":
            inboxes = [each for each in self._world.inboxes.values() if each.channel != "whatsapp"][:1]
        if not inboxes:
            raise refusals.no_such_node(node)
        self._tokens.check(inboxes[0], token, proof)
        return inboxes

    def _person(self, node: str, token: str | None, proof: str | None) -> dict[str, Any]:
        for inbox in self._world.inboxes.values():
            if inbox.channel == "whatsapp" or (person := self._world.customers.find(inbox, node)) is None:
                continue
            self._tokens.check(inbox, token, proof)
            first, _, last = person.name.partition(" ")
            if inbox.channel == "messenger":
                return {"id": node, "first_name": first, "last_name": last, "name": person.name}
            return {"id": node, "name": person.name, "username": person.handle, "is_user_follow_business": False}
        raise refusals.no_such_node(node)


def _account(inbox: SimulatedInbox, node: str) -> dict[str, Any]:
    name = inbox.names.get("en") or inbox.id
    if inbox.channel != "whatsapp" or node != inbox.external_id:
        return {"id": node, "name": name, "username": inbox.display.removeprefix("@") or inbox.id}
    return {
        "id": node,
        "display_phone_number": inbox.display,
        "verified_name": name,
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
    }
