"""A second reader: pywa understands the simulator's webhooks, and the simulator understands pywa's sends."""

from typing import Any

import pytest
from pywa.types.callback import Button, Section, SectionList, SectionRow
from simulator.meta_side import BUSINESSES, Meta, Receiver
from simulator_oracle.second_reader import SecondReader, called, session_at

CAFE, SARA = "cafe-whatsapp", "sara-khalil"
# Each kind the simulator tells, and what pywa takes it for.
READ = {
    "text": "Message text", "image": "Message image", "video": "Message video", "audio": "Message audio",
    "voice": "Message audio", "sticker": "Message sticker", "document": "Message document",
    "location": "Message location", "contacts": "Message contacts", "button_reply": "CallbackButton interactive",
    "list_reply": "CallbackSelection interactive", "form_reply": "FlowCompletion interactive",
    "call_permission": "CallPermissionUpdate interactive", "button": "CallbackButton button",
    "order": "Message order", "reaction": "Message reaction", "edit": "EditedMessage text",
    "revoke": "DeletedMessage revoke", "unsupported": "Message unsupported", "welcome": "Message request_welcome",
    "preference": "UserMarketingPreferences",
}  # fmt: skip


async def told(meta: Meta, receiver: Receiver, kind: str, **more: Any) -> bytes:
    await meta.control(f"/customers/{SARA}/send", {"inbox": CAFE, "kind": kind, **more})
    await meta.settled()
    return receiver.raw[-1]


@pytest.mark.parametrize("kind", READ)
async def test_pywa_understands_what_the_simulator_tells(meta: Meta, receiver: Receiver, kind: str) -> None:
    sent = await called(_client(meta).send_message, to=_sara(meta), text="Welcome")
    await told(meta, receiver, "text", text="Hello")
    # pywa takes it for granted that a choice quotes the question.
    more = {"reply_to": sent.id} if kind == "list_reply" else {}
    update = SecondReader().read(await told(meta, receiver, kind, **more))
    type = getattr(update, "type", None)
    assert READ[kind] == (f"{update.__class__.__name__} {type.value}" if type else update.__class__.__name__)


async def test_pywa_reads_the_same_words_and_people(meta: Meta, receiver: Receiver) -> None:
    update = SecondReader().read(await told(meta, receiver, "text", text="مساء الخير 🌙", referral="ad"))
    person = meta.world.customers.get(SARA)
    assert person is not None
    assert (update.text, update.from_user.wa_id) == ("مساء الخير 🌙", person.phone)
    assert update.from_user.name == person.name
    assert update.referral.source_id


# pywa wants `contacts` beside every status; with `failed` Meta sends none (facts §2.1), and neither does the simulator.
@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
async def test_pywa_understands_the_simulators_statuses(meta: Meta, receiver: Receiver, status: str) -> None:
    sent = await called(_client(meta).send_message, to=_sara(meta), text="Welcome")
    await meta.settled()
    await meta.control(f"/customers/{SARA}/status", {"inbox": CAFE, "line": sent.id, "status": status})
    await meta.settled()
    update = SecondReader().read(receiver.raw[-1])
    assert (update.id, update.status.value) == (sent.id, status)


@pytest.mark.parametrize("field", ["message_template_status_update", "message_template_quality_update",
                                   "template_category_update"])  # fmt: skip
async def test_pywa_understands_the_simulators_news_of_templates(meta: Meta, receiver: Receiver, field: str) -> None:
    await meta.control(f"/inboxes/{CAFE}/account", {"field": field})
    await meta.settled()
    update = SecondReader().read(receiver.raw[-1])
    assert update.template_name


async def test_the_simulator_takes_what_pywa_sends(meta: Meta) -> None:
    client, sara = _client(meta), _sara(meta)
    await called(client.send_message, to=sara, text="Good evening")
    buttons = [Button(title="Yes", callback_data="y"), Button(title="No", callback_data="n")]
    await called(client.send_message, to=sara, text="Shall we?", buttons=buttons)
    rows = [SectionRow(title=f"{hour}:00", callback_data=f"at-{hour}") for hour in (19, 20)]
    listed = SectionList(button_title="Times", sections=[Section(title="Dinner", rows=rows)])
    await called(client.send_message, to=sara, text="When?", buttons=listed)
    await called(client.send_location, to=sara, latitude=21.5, longitude=39.1, name="Blue Terrace", address="Corniche")
    first = meta.simulator.acts.thread(SARA, CAFE).lines[0]
    await called(client.send_reaction, to=sara, emoji="👍", message_id=first.id)
    await meta.settled()
    kinds = [line.kind for line in meta.simulator.acts.thread(SARA, CAFE).lines]
    assert kinds[:1] + kinds[-1:] == ["text", "location"]
    assert len(kinds) >= 4


async def test_the_simulator_gives_pywa_the_files_it_tells_of(meta: Meta, receiver: Receiver) -> None:
    update = SecondReader(phone_id=_phone_id(), token="a-token", session=session_at(meta.url)).read(
        await told(meta, receiver, "image", text="Look")
    )
    found = await called(update.image.get_media_url)
    assert found.startswith(meta.url)


def _client(meta: Meta) -> Any:
    return SecondReader(phone_id=_phone_id(), token="a-token", session=session_at(meta.url)).client


def _phone_id() -> str:
    return str(BUSINESSES["inboxes"][CAFE]["external_id"])


def _sara(meta: Meta) -> str:
    person = meta.world.customers.get(SARA)
    assert person is not None
    return person.phone
