"""An advisor says anything the channel takes: queued once, checked before, delivered in Meta's form."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from conftest import TestServices
from delivering import another, message, pass_time
from factories import make_conversation, make_customer, make_message, make_viewer
from playing_meta import Meta, refuses
from uploading import brought, not_brought, upload

from server.actions.deliver import Deliverer
from server.actions.media_links import Links
from server.actions.outcomes import Result
from server.actions.reply import retry
from server.actions.speak import speak
from server.actions.unit import Topic
from server.channels.graph import GraphClient, Unsent
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid, NotFound, TooLarge, WindowClosed
from server.domain.model import Channel
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Location,
    Option,
    Person,
    Section,
    Sticker,
    Text,
    Video,
)
from server.domain.saying import Saying

YES_NO = (Option("y", "Yes"), Option("n", "No"))


async def talk_on(services: TestServices, viewer: Viewer, channel: Channel, **more: Any) -> Conversation:
    customer = await make_customer(services.pool, channel=channel)
    return await make_conversation(services.pool, owner=viewer, channel=channel, customer=customer, **more)


async def say(services: TestServices, viewer: Viewer, talk: Conversation, saying: Saying, **more: Any) -> Any:
    version = await services.pool.fetchval("select version from conversation where id = $1", talk.id)
    given: dict[str, Any] = {"command_id": f"command-{version}", "based_on_version": version} | more
    return await speak(services, viewer, talk.id, saying=saying, **given)


@pytest.mark.parametrize(
    ("saying", "kind", "text"),
    [
        (Choices("Agreed?", YES_NO, header="Offer"), "choices", "Agreed?"),
        (Choices("Which?", sections=(Section("Lunch", YES_NO), Section("Dinner", ()))), None, ""),
        (Choices("Which?", sections=(Section("Lunch", YES_NO),)), "choices", "Which?"),
        (Location(30.0, 31.0, "Branch", "Nile Street"), "location", "Branch"),
        (Contacts((Person("Omar"),)), "contacts", "Omar"),
        (Link("Our offer", "Open", "https://majlis.example"), "link", "Our offer"),
        (AskLocation("Where?"), "ask_location", "Where?"),
        (AskContact("Your number?"), "ask_contact", "Your number?"),
        (Buttons("Which?", (Button("A", "a"),)), None, ""),
    ],
)
async def test_every_kind_without_a_file_on_whatsapp(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta, saying: Saying, kind: str | None, text: str
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    if kind is None:
        with pytest.raises(Invalid):
            await say(services, salma, talk, saying)
        assert await services.pool.fetchval("select count(*) from outbox") == 0
        return
    result = await say(services, salma, talk, saying)
    row = await message(services, result["message_id"])
    assert (row["kind"], row["text"], row["body"]["kind"], row["author"]) == (kind, text, kind, "advisor")
    assert await deliverer.deliver_due() == 1
    assert (await message(services, result["message_id"]))["status"] == "accepted"
    assert meta.sends[0]["biz_opaque_callback_data"]


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
@pytest.mark.parametrize(
    "saying",
    [
        Choices("Agreed?", YES_NO), Location(30.0, 31.0, "Branch"), Link("Here", "Open", "https://majlis.example"),
        Buttons("Which?", (Button("A", "a"), Button("B", url="https://majlis.example"))),
        Cards((Card("Grill", "For two", buttons=(Button("Take", "take"),)),)),
    ],
)  # fmt: skip
async def test_every_kind_without_a_file_on_messenger_and_instagram(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta, saying: Saying, channel: Channel
) -> None:
    talk = await talk_on(services, salma, channel)
    result = await say(services, salma, talk, saying)
    assert await deliverer.deliver_due() == 1
    assert (await message(services, result["message_id"]))["status"] == "accepted"
    assert meta.sends[0]["message"]


@pytest.mark.parametrize(
    ("saying", "mime_type", "voice"),
    [
        (Image(0, "Our menu"), "image/png", False), (Video(0, "Our kitchen"), "video/mp4", False),
        (Audio(0), "audio/ogg; codecs=opus", True), (Document(0, "Read", "menu.pdf"), "application/pdf", False),
        (Sticker(0), "image/webp", False),
    ],
)  # fmt: skip
async def test_a_file_waits_for_meta_to_have_it_and_goes_by_its_id(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta, saying: Any, mime_type: str, voice: bool
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    kind = saying.__struct_config__.tag
    file = await upload(services, salma, talk, kind, mime_type, voice=voice)
    result = await say(services, salma, talk, type(saying)(file, saying.caption, saying.name))
    assert Topic.MEDIA in services.waker.topics
    assert await services.pool.fetchval("select message_id from attachment where id = $1", file) == result["message_id"]
    assert await deliverer.deliver_due() == 0
    await brought(services, file)
    assert await deliverer.deliver_due() == 1
    sent = meta.sends[0]
    assert sent["type"] == kind
    assert sent[kind]["id"] == "9001"
    assert sent[kind].get("caption", "") == saying.caption
    assert ("voice" in sent[kind]) is voice
    assert (await message(services, result["message_id"]))["text"] == saying.caption


class _Away:
    """A pool whose database is out of reach."""

    def acquire(self) -> Any:
        raise OSError


async def test_a_database_that_is_away_before_the_call_leaves_the_message_unsent(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    file = await upload(services, salma, talk)
    sent = (await say(services, salma, talk, Image(file)))["message_id"]
    await brought(services, file)
    await deliverer.tend()
    [claimed] = await deliverer.claim(1)
    deliverer.services = msgspec.structs.replace(services, pool=_Away())
    outcome = await deliverer.call(claimed, asyncio.get_running_loop().time())
    assert (outcome, meta.sends) == (Unsent("OSError"), [])
    deliverer.services = services
    await deliverer.record([Result(claimed, outcome)])
    await pass_time(services, 60)
    assert await deliverer.deliver_due() == 1
    assert (await message(services, sent))["status"] == "accepted"


async def test_a_file_meta_refused_fails_its_message_and_a_retry_brings_it_again(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    file = await upload(services, salma, talk)
    sent = (await say(services, salma, talk, Image(file)))["message_id"]
    await not_brought(services, file)
    await deliverer.deliver_due()
    # Meta is asked once more; until then the message waits.
    assert await services.pool.fetchval("select upload from attachment where id = $1", file) == "due"
    await pass_time(services, 3600)
    assert await deliverer.deliver_due() == 0
    await not_brought(services, file)
    await deliverer.deliver_due()
    row = await message(services, sent)
    assert (row["status"], row["failure"]["code"], meta.sends) == ("failed", 131053, [])
    await retry(services, salma, sent, "again-please")
    assert await services.pool.fetchval("select upload from attachment where id = $1", file) == "due"
    await brought(services, file)
    assert await deliverer.deliver_due() == 1
    assert (await message(services, sent))["status"] == "accepted"


async def test_an_upload_is_sent_once_and_only_by_who_made_it_where_it_was_made(
    services: TestServices, salma: Viewer
) -> None:
    talk, other = [await talk_on(services, salma, Channel.WHATSAPP) for _ in range(2)]
    nadia = await make_viewer(services.pool, "Nadia")
    theirs = await upload(services, nadia, talk)
    elsewhere = await upload(services, salma, other)
    file = await upload(services, salma, talk)
    await say(services, salma, talk, Image(file))
    for each in (theirs, elsewhere, file, 10**9):
        with pytest.raises(NotFound):
            await say(services, salma, talk, Image(each))
    assert await services.pool.fetchval("select count(*) from outbox") == 1


async def test_a_file_is_checked_against_the_channel_before_it_is_queued(services: TestServices, salma: Viewer) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    large = await upload(services, salma, talk, size=5_000_001)
    with pytest.raises(TooLarge):
        await say(services, salma, talk, Image(large))
    with pytest.raises(Invalid):
        await say(services, salma, talk, Video(await upload(services, salma, talk)))
    with pytest.raises(Invalid) as refused:
        await say(services, salma, talk, Image(await upload(services, salma, talk), "a" * 1025))
    assert refused.value.extra["limit"]["name"] == "caption"  # type: ignore[index]
    assert await services.pool.fetchval("select count(*) from attachment where message_id is not null") == 0


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
async def test_where_files_have_no_caption_the_words_follow(
    services: TestServices, salma: Viewer, graph: GraphClient, meta: Meta, channel: Channel
) -> None:
    talk = await talk_on(services, salma, channel)
    file = await upload(services, salma, talk)
    result = await say(services, salma, talk, Image(file, "Our menu"))
    assert [(await message(services, each))["kind"] for each in (result["message_id"], *result["also"])] == [
        "image", "text"
    ]  # fmt: skip
    if channel is Channel.MESSENGER:
        await brought(services, file)
    deliverer = another(services, graph)
    deliverer._links = Links("https://majlis.example", deliverer._vault)
    while await deliverer.deliver_due():
        pass
    payload = meta.sends[0]["message"]["attachment"]["payload"]
    if channel is Channel.MESSENGER:
        assert payload == {"attachment_id": "9001"}
    else:
        assert payload["url"].startswith("https://majlis.example/media/")
    assert meta.sends[1]["message"]["text"] == "Our menu"


async def test_every_kind_quotes_by_metas_id(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    quoted = await make_message(services.pool, talk.id, provider_id="wamid.Q")
    await say(services, salma, talk, Link("Here", "Open", "https://majlis.example"), reply_to=quoted)
    await deliverer.deliver_due()
    assert meta.sends[0]["context"] == {"message_id": "wamid.Q"}


async def test_what_only_we_put_in_is_not_taken_from_a_browser(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    file = await upload(services, salma, talk)
    forged = Image(file, "a\0b", media_id="1", address="https://elsewhere.example", reply_to="wamid.X")
    sent = (await say(services, salma, talk, forged))["message_id"]
    assert (await message(services, sent))["body"] == {
        "kind": "image", "attachment_id": file, "caption": "ab", "name": "menu.png",
    }  # fmt: skip
    await say(services, salma, talk, Text("Hello", reply_to="wamid.X"))
    await brought(services, file)
    while await deliverer.deliver_due():
        pass
    assert all("context" not in each for each in meta.sends)
    assert meta.sends[0]["image"]["id"] == "9001"


async def test_the_window_is_asked_for_every_kind(services: TestServices, salma: Viewer) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP, at=datetime.now(UTC) - timedelta(hours=25))
    with pytest.raises(WindowClosed) as refused:
        await say(services, salma, talk, AskLocation("Where?"))
    assert refused.value.extra["remedy"] == "template"


async def test_a_limit_meta_knows_and_we_do_not_is_shown_by_its_code(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma, Channel.WHATSAPP)
    meta.script = [refuses(131009)]
    sent = (await say(services, salma, talk, Link("Here", "Open", "https://majlis.example")))["message_id"]
    await deliverer.deliver_due()
    row = await message(services, sent)
    assert (row["status"], row["failure"]["code"]) == ("failed", 131009)
