"""What can be read of the graph: numbers, pages, people, tokens."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.files.faces import face
from server.simulator.graph import refusals
from server.simulator.graph.tokens import Tokens
from server.simulator.world import World

SCOPES = [
    "whatsapp_business_messaging",
    "whatsapp_business_management",
    "pages_messaging",
    "pages_manage_metadata",
    "instagram_basic",
    "instagram_manage_messages",
]
PICTURE_SECONDS = 24 * 3600


class Nodes:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens

    def read(self, node: str, fields: str | None, token: str | None, proof: str | None) -> dict[str, Any]:
        """A node with the fields asked for; `id` is always there. Raises `Refusal`."""
        inboxes = self._world.inboxes.values()
        inbox = next((each for each in inboxes if each.is_named(node)), None)
        if inbox is not None:
            self._tokens.check(inbox, token, proof)
            known = self._world.health.node(node) or {"id": node}
        else:
            known = self._person(node, token, proof)
        wanted = {field.split("{")[0].split(".")[0].strip() for field in fields.split(",")} if fields else set(known)
        return {name: value for name, value in known.items() if name in wanted or name == "id"}

    def person(self, node: str) -> tuple[SimulatedInbox, Customer] | None:
        for inbox in self._world.inboxes.values():
            if inbox.channel != "whatsapp" and (found := self._world.customers.find(inbox, node)) is not None:
                return inbox, found
        return None

    def debug_token(self, subject: str | None) -> dict[str, Any]:
        if not subject:
            raise refusals.Refusal(400, 100, "The parameter input_token is required")
        inboxes = self._world.inboxes.values()
        targets = sorted({each.entry_id for each in inboxes})
        missing = self._world.switches.missing_scopes
        scopes = [scope for scope in SCOPES if scope not in missing]
        valid = self._tokens.is_valid(subject)
        data = {
            "app_id": self._world.config.app("default").meta_id,
            "type": "SYSTEM_USER",
            "application": "Majlis simulator",
            "is_valid": valid,
            "expires_at": self._world.switches.token_expires_at,
            "data_access_expires_at": 0,
            "scopes": scopes,
            "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in scopes],
            "user_id": "122000000000001",
        }
        if not valid:
            message = "Error validating access token: Session has expired."
            data["error"] = {"code": 190, "message": message, "subcode": 463}
        return {"data": data}

    def _person(self, node: str, token: str | None, proof: str | None) -> dict[str, Any]:
        found = self.person(node)
        if found is None:
            raise refusals.no_such_node(node)
        inbox, person = found
        self._tokens.check(inbox, token, proof)
        if person.profile == "gone":
            raise refusals.of_code(9010 if inbox.channel == "instagram" else 2018218, channel=inbox.channel)
        if person.profile == "consent":
            raise refusals.of_code(230 if inbox.channel == "instagram" else 2018247, channel=inbox.channel)
        first, _, last = person.name.partition(" ")
        names = (
            {"first_name": first, "last_name": last} if inbox.channel == "messenger" else {"username": person.handle}
        )
        known = {"id": node, "name": person.name, **names, "profile_pic": self._picture(person)}
        return known | (
            {} if inbox.channel == "messenger" else {"follower_count": 214, "is_user_follow_business": False}
        )

    def _picture(self, person: Customer) -> str:
        if person.picture and (file := self._world.files.get(person.picture)) is not None:
            return self._world.files.public_address(file, PICTURE_SECONDS)
        file = self._world.files.keep(face(person.id), "image/png", name="picture.png")
        person.picture = file.id
        return self._world.files.public_address(file, PICTURE_SECONDS)
