"""Which app hears of which account's events."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.graph.tokens import Tokens
from server.simulator.webhooks.items import OBJECTS
from server.simulator.world import World

FIELDS = {
    "whatsapp": [
        "messages", "smb_message_echoes", "message_template_status_update", "message_template_quality_update",
        "template_category_update", "phone_number_quality_update", "phone_number_name_update", "account_update",
        "account_alerts", "account_review_update", "business_capability_update", "user_preferences", "security",
        "standby", "messaging_handovers",
    ],
    "messenger": [
        "messages", "message_echoes", "message_edits", "message_reactions", "message_reads", "message_deliveries",
        "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
        "messaging_policy_enforcement", "messaging_account_linking", "response_feedback", "send_cart",
        "messenger_template_status_update", "inbox_labels",
    ],
    "instagram": [
        "messages", "message_echoes", "message_reactions", "message_edit", "messaging_postbacks", "messaging_seen",
        "messaging_referral", "messaging_handover", "standby", "comments",
    ],
}  # fmt: skip


class Subscriptions:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        # The fields somebody subscribed to in this run, by inbox; else all that exist.
        self._fields: dict[str, list[str]] = {}

    def of_account(self, node: str, token: str | None, proof: str | None) -> dict[str, Any]:
        inboxes = self._accounts(node, token, proof)
        inbox = inboxes[0]
        app_id = self._world.config.app(inbox.app).meta_id
        if any(each.id in self._world.switches.unsubscribed for each in inboxes):
            return {"data": []}
        if inbox.channel == "whatsapp":
            return {"data": [{"whatsapp_business_api_data": {"id": app_id, "name": "Majlis", "link": ""}}]}
        fields = self._fields.get(inbox.id, FIELDS[inbox.channel])
        return {"data": [{"id": app_id, "name": "Majlis", "subscribed_fields": fields}]}

    def set(self, node: str, token: str | None, proof: str | None, *, wanted: bool, fields: str = "") -> dict[str, Any]:
        inboxes = self._accounts(node, token, proof)
        channel, names = inboxes[0].channel, [name.strip() for name in fields.split(",") if name.strip()]
        if strange := [name for name in names if name not in FIELDS[channel]]:
            raise refusals.invalid_message(f"Param subscribed_fields: '{strange[0]}' is not a field of this object")
        ids = {inbox.id for inbox in inboxes}
        if wanted:
            self._world.audience.subscribe(ids)
            self._fields |= dict.fromkeys(ids, names) if names else {}
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
                    "fields": [{"name": name, "version": "v26.0"} for name in FIELDS[channel]],
                }
                for channel in channels
            ]
        }

    def _accounts(self, node: str, token: str | None, proof: str | None) -> list[SimulatedInbox]:
        inboxes = [each for each in self._world.inboxes.values() if each.entry_id == node]
        if node == "me":
            inboxes = [each for each in self._world.inboxes.values() if each.channel != "whatsapp"][:1]
        if not inboxes:
            raise refusals.no_such_node(node)
        self._tokens.check(inboxes[0], token, proof)
        return inboxes
