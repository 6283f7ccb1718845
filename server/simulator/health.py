"""What the nodes of an account answer, as its events change it."""

from typing import Any

from server.simulator.config import SimulatedInbox


class Health:
    """By node: a number, a business account, a page, an Instagram account."""

    def __init__(self, inboxes: tuple[SimulatedInbox, ...]) -> None:
        self._nodes: dict[str, dict[str, Any]] = {}
        for inbox in inboxes:
            name = inbox.names.get("en") or inbox.id
            self._nodes.setdefault(inbox.entry_id, _account(inbox, name))
            if inbox.channel == "whatsapp":
                self._nodes[inbox.external_id] = _number(inbox, name)
            elif inbox.page_id is not None:
                self._nodes.setdefault(inbox.page_id, {"id": inbox.page_id, "name": name})

    def node(self, node: str) -> dict[str, Any] | None:
        return self._nodes.get(node)

    def change(self, node: str, **values: Any) -> None:
        self._nodes[node] |= values


def _number(inbox: SimulatedInbox, name: str) -> dict[str, Any]:
    return {
        "id": inbox.external_id,
        "display_phone_number": inbox.display,
        "verified_name": name,
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "account_mode": "LIVE",
        "platform_type": "CLOUD_API",
        "messaging_limit_tier": "TIER_2K",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "username": "",
        "health_status": {"can_send_message": "AVAILABLE", "entities": []},
    }


def _account(inbox: SimulatedInbox, name: str) -> dict[str, Any]:
    if inbox.channel == "whatsapp":
        return {
            "id": inbox.entry_id,
            "name": name,
            "account_review_status": "APPROVED",
            "business_verification_status": "verified",
            "status": "ACTIVE",
            "ownership_type": "CLIENT_OWNED",
        }
    return {"id": inbox.entry_id, "name": name, "username": inbox.display.removeprefix("@") or inbox.id}
