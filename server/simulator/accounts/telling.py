"""An account event, told and come true: what the nodes answer afterwards agrees with it."""

from typing import Any

from litestar.exceptions import HTTPException

from server.simulator.accounts import fields
from server.simulator.config import SimulatedInbox
from server.simulator.message_templates import Template, names
from server.simulator.webhooks.items import phone_digits
from server.simulator.world import World

STATUSES = {"FLAGGED": "APPROVED", "REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED", "LOCKED": "DISABLED"}
NUMBER_STATUSES = {
    "DISABLED_UPDATE": "BANNED", "ACCOUNT_RESTRICTION": "RESTRICTED", "ACCOUNT_DELETED": "DISCONNECTED",
}  # fmt: skip
QUALITY = {"FLAGGED": "RED", "REINSTATED": "GREEN"}


class Accounts:
    def __init__(self, world: World) -> None:
        self._world = world

    def tell(self, inbox_id: str, field: str, value: dict[str, Any]) -> dict[str, Any]:
        """The value as it was told."""
        inbox = self._world.inboxes.get(inbox_id)
        if inbox is None:
            raise HTTPException(status_code=404, detail=f"There is no inbox '{inbox_id}'.")
        made = _addressed(inbox, fields.defaults(inbox.channel).get(field, {}) | value)
        if template := self._template(inbox, made):
            # Of a real template everything is said as it is.
            made = made | {name: known for name, known in names(template).items() if name in made}
            self._change_template(template, field, made)
        self._change_account(inbox, field, made)
        fields.put(self._world, inbox, field, made)
        return made

    def _template(self, inbox: SimulatedInbox, value: dict[str, Any]) -> Template | None:
        name, language = value.get("message_template_name"), value.get("message_template_language")
        return self._world.templates.find(inbox.entry_id, str(name), str(language)) if name else None

    def _change_template(self, template: Template, field: str, value: dict[str, Any]) -> None:
        if field.endswith("template_status_update"):
            event = str(value.get("event"))
            template.status = STATUSES.get(event, event)
            template.quality = QUALITY.get(event, template.quality)
            template.rejected_reason = str(value.get("reason") or "NONE")
            if event == "DELETED":
                self._world.templates.remove(template)
        elif field == "message_template_quality_update":
            template.quality = str(value.get("new_quality_score"))
        elif field == "template_category_update" and value.get("new_category"):
            template.category = str(value["new_category"])
        elif field == "message_template_components_update":
            template.component("BODY")["text"] = str(value.get("message_template_element"))

    def _change_account(self, inbox: SimulatedInbox, field: str, value: dict[str, Any]) -> None:
        number, health, event = inbox.external_id, self._world.health, str(value.get("event"))
        if field == "phone_number_quality_update":
            tier = value.get("max_daily_conversations_per_business")
            health.change(number, whatsapp_business_manager_messaging_limit=tier, messaging_limit_tier=tier)
            level = {"THROUGHPUT_UPGRADE": "HIGH"}.get(event, "STANDARD")
            health.change(number, throughput={"level": level})
            rating = {"FLAGGED": "RED", "UNFLAGGED": "GREEN", "DOWNGRADE": "YELLOW"}.get(event)
            health.change(number, **({"quality_rating": rating} if rating else {}))
        elif field == "phone_number_name_update":
            health.change(number, name_status=value.get("decision"))
            if value.get("decision") == "APPROVED":
                health.change(number, verified_name=value.get("requested_verified_name"))
        elif field == "account_review_update":
            health.change(inbox.entry_id, account_review_status=value.get("decision"))
        elif field == "business_username_updates":
            health.change(number, username=value.get("username"))
        elif field == "account_update" and event in NUMBER_STATUSES:
            health.change(number, status=NUMBER_STATUSES[event])


def _addressed(inbox: SimulatedInbox, value: dict[str, Any]) -> dict[str, Any]:
    """The account's own numbers where a default leaves them open."""
    digits = phone_digits(inbox.display)
    own = {"display_phone_number": digits, "phone_number_id": inbox.external_id, "phone_number": digits}
    own["waba_id"] = inbox.entry_id
    return {
        name: _addressed(inbox, each) if isinstance(each, dict) else own[name] if each == "" and name in own else each
        for name, each in value.items()
    }
