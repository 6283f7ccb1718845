"""Who holds a WhatsApp chat: the field `messaging_handovers`. Facts §2.4."""

from server.channels import clean
from server.channels.fields import Json, digest, identifier, key, mapping, present, text, when
from server.channels.place import Place
from server.channels.whatsapp_people import address_of
from server.domain.inbound import Inbound, MessageItem, Rejected, Sender
from server.domain.quarantine import Reason

# Meta's words for what happened to the chat, and ours.
_ACTIONS = {
    "control_passed": "pass", "pass_thread_control": "pass", "control_taken": "take", "take_thread_control": "take",
    "control_requested": "request", "request_thread_control": "request",
}  # fmt: skip


def read_handover(value: Json, place: Place) -> Inbound | Rejected:
    name = next((each for each in _ACTIONS if each in value), None)
    if name is None:
        return place.reject(Reason.UNKNOWN_KIND, "nothing known in value")
    told = mapping(value, name)
    who = mapping(value, "sender")
    ids = (identifier(who, each) for each in ("user_id", "phone_number", "wa_id", "id"))
    addresses = tuple(dict.fromkeys(address_of(each) for each in ids if each))
    if not addresses:
        return place.reject(Reason.MALFORMED, "no id says who this is about")
    account = mapping(value, "metadata") or mapping(value, "recipient")
    body = present(
        action=_ACTIONS[name], from_app=identifier(told, "previous_owner_app_id"),
        to_app=identifier(told, "new_owner_app_id") or identifier(told, "requested_owner_app_id"),
        metadata=text(told, "metadata")[:500],
    )  # fmt: skip
    return MessageItem(
        channel=place.channel, account_id=identifier(account, "phone_number_id"), path=place.path, raw=place.raw,
        key=key("handover", addresses[0].value, text(value, "timestamp"), digest(clean.dump(value))[:32]),
        at=when(value.get("timestamp")), sender=Sender(addresses=addresses), provider_id=None, kind="handover",
        body={"handover": body},
    )  # fmt: skip
