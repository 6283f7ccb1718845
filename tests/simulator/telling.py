"""What a customer tells, and the message of the business it may be about."""

from typing import Any

from simulator.meta_side import Meta

INBOX = {"whatsapp": "cafe-whatsapp", "messenger": "school-messenger", "instagram": "desk-instagram"}
SARA = "sara-khalil"


async def send(meta: Meta, channel: str, kind: str, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = await meta.control(
        f"/customers/{SARA}/send", {"inbox": INBOX[channel], "kind": kind, **more}
    )
    await meta.settled()
    return line


async def answered(meta: Meta, channel: str) -> str:
    """A message of the business on Sara's phone; its id."""
    person, inbox = meta.world.customers.get(SARA), meta.world.inboxes[INBOX[channel]]
    assert person is not None
    if channel == "whatsapp":
        body: dict[str, Any] = {"messaging_product": "whatsapp", "to": person.phone, "text": {"body": "Welcome"}}
    else:
        body = {"recipient": {"id": person.identifier(inbox)}, "message": {"text": "Welcome"}}
    status, answer = await meta.graph(f"{inbox.node}/messages", body)
    assert status == 200, answer
    await meta.settled()
    return str(answer["messages"][0]["id"] if channel == "whatsapp" else answer["message_id"])
