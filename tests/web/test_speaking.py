"""The console's routes for everything an advisor can say, and what each channel takes."""

import asyncio
from typing import Any

import pytest
from factories import make_conversation, make_customer, make_message, make_viewer
from live_server import Console, LiveServer
from templating import keep, listed

from server.domain.access import Viewer
from server.domain.channel_limits import LIMITS
from server.domain.conversation import Conversation
from server.domain.model import Channel

BODY = {"type": "BODY", "text": "Hello {{1}}!", "example": {"body_text": [["Sara"]]}}


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool, "Salma Fathy")


async def talk_on(server: LiveServer, viewer: Viewer, channel: Channel = Channel.WHATSAPP) -> Conversation:
    customer = await make_customer(server.pool, channel=channel)
    return await make_conversation(server.pool, owner=viewer, channel=channel, customer=customer)


async def say(console: Console, id: int, outgoing: dict[str, Any], status: int = 201, **more: Any) -> dict[str, Any]:
    version = (await console.get(f"/api/conversations/{id}"))["conversation"]["version"]
    body = {"command_id": f"command-{version}", "based_on_version": version, "outgoing": outgoing} | more
    answer: dict[str, Any] = await console.post(f"/api/conversations/{id}/messages", body, status=status)
    return answer


async def test_what_is_said_comes_back_as_the_message_it_became(server: LiveServer, salma: Viewer) -> None:
    talk = await talk_on(server, salma)
    quoted = await make_message(server.pool, talk.id, text="Which bond?", provider_id="wamid.Q")
    options = [{"id": "a", "title": "Ten years"}, {"id": "b", "title": "Two years"}]
    async with server.console(salma) as console:
        said = await say(console, talk.id, {"kind": "choices", "text": "Which?", "options": options}, reply_to=quoted)
    message = said["message"]
    assert (message["kind"], message["text"], message["status"]) == ("choices", "Which?", "queued")
    assert message["body"] == {"kind": "choices", "text": "Which?", "options": options, "reply_to": "wamid.Q"}
    assert (message["reply_to"]["id"], said["also"]) == (quoted, [])


@pytest.mark.parametrize(
    ("outgoing", "field", "name", "words"),
    [
        ({"kind": "text", "text": "x" * 4097}, "text", "text", "The text has 4097 characters; the most is 4096."),
        (
            {"kind": "link", "text": "Here", "title": "x" * 21, "url": "https://majlis.example"},
            "title",
            "link_title",
            "The title of the link has 21 characters; the most is 20.",
        ),
        (
            {"kind": "cards", "cards": [{"title": "A", "subtitle": "B"}]},
            "kind",
            "kind",
            "WhatsApp has no such message.",
        ),
    ],
)
async def test_a_broken_limit_is_named(
    server: LiveServer, salma: Viewer, outgoing: dict[str, Any], field: str, name: str, words: str
) -> None:
    talk = await talk_on(server, salma)
    async with server.console(salma) as console:
        problem = await say(console, talk.id, outgoing, status=422)
    assert problem["type"] == "/problems/invalid"
    assert problem["errors"] == [{"field": field, "detail": words}]
    assert problem["limit"]["name"] == name


@pytest.mark.parametrize(
    ("channel", "outgoing", "field", "words"),
    [
        (
            Channel.MESSENGER,
            {"kind": "location", "latitude": 1, "longitude": 2, "name": "x" * 3000},
            "name",
            "The place with the link to its map has 3035 characters; the most is 2000.",
        ),
        (
            Channel.INSTAGRAM,
            {"kind": "location", "latitude": 1, "longitude": 2, "name": "x", "address": "ن" * 600},
            "address",
            "The place with the link to its map has 1237 bytes; the most is 1000. An Arabic letter is two bytes.",
        ),
        (
            Channel.WHATSAPP,
            {"kind": "location", "latitude": 1, "longitude": 2, "name": "x" * 20_000},
            "name",
            "The name of the place has 20000 characters; the most is 1024.",
        ),
        (
            Channel.WHATSAPP,
            {
                "kind": "choices",
                "text": "Which?",
                "options": [{"id": "a", "title": "A"}],
                "sections": [{"title": "Dinner", "options": [{"id": "b", "title": "B"}]}],
            },
            "options",
            "Every section needs a heading when there are several.",
        ),
        (
            Channel.WHATSAPP,
            {"kind": "contacts", "contacts": [{"name": "n" * 5000}]},
            "contacts[0].name",
            "The name of a contact has 5000 characters; the most is 1024.",
        ),
        (
            Channel.WHATSAPP,
            {"kind": "contacts", "contacts": [{"name": "Omar", "phones": [{"number": "call me"}]}]},
            "contacts[0].phones[0].number",
            "A phone number has 3 to 15 digits (0-9), best after a + and the country's code.",
        ),
        (
            Channel.WHATSAPP,
            {"kind": "link", "text": "Here", "title": "Open", "url": "https://majlis.example:99999999/"},
            "url",
            "Write a whole web address that begins with https://",
        ),
        (
            Channel.MESSENGER,
            {"kind": "link", "text": "Here", "title": "Open", "url": "https://majlis.example/\x01"},
            "url",
            "Write a whole web address that begins with https://",
        ),
        *(
            (channel, {"kind": "text", "text": "\u200b\u200b"}, "text", "Write something first.")
            for channel in Channel
        ),
    ],
)  # fmt: skip
async def test_what_meta_would_refuse_later_is_refused_at_once(
    server: LiveServer, salma: Viewer, channel: Channel, outgoing: dict[str, Any], field: str, words: str
) -> None:
    talk = await talk_on(server, salma, channel)
    async with server.console(salma) as console:
        problem = await say(console, talk.id, outgoing, status=422)
    assert problem["type"] == "/problems/invalid"
    assert problem["errors"] == [{"field": field, "detail": words}]
    assert await server.pool.fetchval("select count(*) from outbox") == 0


@pytest.mark.parametrize("emoji", ["×", "°", "ok", "👍👍"])
async def test_what_is_no_emoji_is_no_reaction(server: LiveServer, salma: Viewer, emoji: str) -> None:
    talk = await talk_on(server, salma)
    about = await make_message(server.pool, talk.id, provider_id="wamid.Q")
    async with server.console(salma) as console:
        body = {"command_id": "command-1", "emoji": emoji}
        problem = await console.post(f"/api/messages/{about}/reaction", body, status=422)
    assert problem["errors"] == [{"field": "emoji", "detail": "This emoji cannot be used as a reaction here."}]
    assert await server.pool.fetchval("select count(*) from outbox") == 0


async def test_a_broken_limit_is_told_in_the_readers_language(server: LiveServer) -> None:
    laila = await make_viewer(server.pool, "Laila", language="ar")
    talk = await talk_on(server, laila, Channel.INSTAGRAM)
    async with server.console(laila) as console:
        problem = await say(console, talk.id, {"kind": "text", "text": "س" * 501}, status=422)
    assert problem["detail"].startswith("حجم النص")
    assert "1002" in problem["detail"]


@pytest.mark.parametrize(
    "outgoing",
    [
        {"kind": "reaction", "about": "wamid.Q", "emoji": "👍"}, {"kind": "nothing"}, {"text": "Hello"}, "text", None,
        {"kind": "image"}, {"kind": "image", "attachment_id": "one"},
        {"kind": "choices", "text": "Which?", "options": 4},
        {"kind": "template", "name": "a", "language": "en", "values": [1]},
    ],
)  # fmt: skip
async def test_what_is_no_message_is_refused(server: LiveServer, salma: Viewer, outgoing: Any) -> None:
    talk = await talk_on(server, salma)
    async with server.console(salma) as console:
        assert (await say(console, talk.id, outgoing, status=400))["type"] == "/problems/invalid"


@pytest.mark.parametrize("channel", list(Channel))
async def test_the_limits_are_told_before(server: LiveServer, salma: Viewer, channel: Channel) -> None:
    talk = await talk_on(server, salma, channel)
    async with server.console(salma) as console:
        limits = (await console.get(f"/api/conversations/{talk.id}"))["limits"]
    assert limits["sends"] == list(LIMITS[channel].sends)
    assert limits["media"]["image"]["mime_types"]
    assert limits["choices"]["options_max"] == (10 if channel is Channel.WHATSAPP else 13)
    assert (limits["caption"] is None) is (channel is not Channel.WHATSAPP)
    assert (limits["buttons"] is None) is (channel is Channel.WHATSAPP)
    assert limits["reactions"] == (["❤️"] if channel is Channel.INSTAGRAM else None)


async def test_a_reaction_returns_the_message_it_was_put_on(server: LiveServer, salma: Viewer) -> None:
    talk = await talk_on(server, salma)
    about = await make_message(server.pool, talk.id, provider_id="wamid.Q")
    async with server.console(salma) as console:
        path = f"/api/messages/{about}/reaction"
        put = await console.post(path, {"command_id": "command-1", "emoji": "👍"}, status=201)
        thread = await console.get(f"/api/conversations/{talk.id}")
        taken = await console.post(path, {"command_id": "command-2", "emoji": ""}, status=201)
        await server.pool.execute("update message set status = 'failed' where kind = 'reaction'")
        failed = await console.get(f"/api/conversations/{talk.id}")
    assert put["message"]["id"] == about
    assert put["message"]["reactions"] == [{"emoji": "👍", "by": "business"}]
    assert taken["message"]["reactions"] == []
    # By itself it is seen only when it did not arrive.
    assert [each["kind"] for each in thread["messages"]] == ["text", "text"]
    assert [each["kind"] for each in failed["messages"]] == ["text", "text", "reaction", "reaction"]


async def test_templates_are_listed_with_their_fields_and_sent(server: LiveServer, salma: Viewer) -> None:
    talk = await talk_on(server, salma)
    await keep(
        server.pool, listed("booking", BODY), listed("offer", {"type": "BODY", "text": "A new bond"}),
        listed("paused", BODY, status="PAUSED"), listed("carousel", BODY, {"type": "CAROUSEL", "cards": []}),
    )  # fmt: skip
    async with server.console(salma) as console:
        path = f"/api/conversations/{talk.id}/templates"
        found = await console.get(path)
        searched = await console.get(f"{path}?search=BOND")
        other = await console.get(f"{path}?language=ar")
        said = await say(console, talk.id, {
            "kind": "template", "name": "booking", "language": "en", "values": {"body.1": "Omar"},
        })  # fmt: skip
    assert [each["name"] for each in found["templates"]] == ["booking", "offer"]
    assert (found["available"], found["languages"], found["synced_at"]) == (True, ["en"], None)
    assert found["templates"][0]["fields"] == [{
        "key": "body.1", "component": "body", "type": "text", "label": "1", "placeholder": "{{1}}", "example": "Sara",
        "max": 1024, "required": True, "button": None,
    }]  # fmt: skip
    assert [each["name"] for each in searched["templates"]] == ["offer"]
    assert other["templates"] == []
    assert said["message"]["body"]["preview"] == {"body": "Hello Omar!"}
    assert said["message"]["text"] == "Hello Omar!"


async def test_messenger_is_offered_utility_templates_and_sends_one_after_the_day(
    server: LiveServer, salma: Viewer
) -> None:
    talk = await talk_on(server, salma, Channel.MESSENGER)
    await server.pool.execute("update conversation set last_inbound_at = now() - interval '30 hours'")
    page_id = server.services.organisation().inboxes[talk.inbox_id].external_id
    await keep(
        server.pool, listed("booking", BODY), listed("offer", BODY, category="MARKETING"), account=page_id
    )  # fmt: skip
    async with server.console(salma) as console:
        assert (await console.get(f"/api/conversations/{talk.id}"))["window"]["remedy"] == "template"
        found = await console.get(f"/api/conversations/{talk.id}/templates")
        asked = {"kind": "template", "name": "booking", "language": "en", "values": {"body.1": "Omar"}}
        said = await say(console, talk.id, asked)
        refused = await say(console, talk.id, asked | {"name": "offer"}, status=422)
    assert found["available"]
    assert [each["name"] for each in found["templates"]] == ["booking"]
    assert said["message"]["text"] == "Hello Omar!"
    assert refused["errors"] == [{"field": "name", "detail": "Messenger takes utility templates only."}]


async def test_instagram_has_no_templates(server: LiveServer, salma: Viewer) -> None:
    talk = await talk_on(server, salma, Channel.INSTAGRAM)
    async with server.console(salma) as console:
        found = await console.get(f"/api/conversations/{talk.id}/templates")
        asked = await console.post(
            f"/api/conversations/{talk.id}/templates/refresh", {"command_id": "command-1"}, status=200
        )
    assert found == {"templates": [], "languages": [], "synced_at": None, "available": False}
    assert asked == {"synced_at": None}


async def test_typing_in_the_console_asks_for_a_sign_now_and_then(server: LiveServer, salma: Viewer) -> None:
    talk = await talk_on(server, salma)
    async with server.console(salma) as console:
        await console.connect()
        await console.ask("watch", {"conversation_id": talk.id})
        for _ in range(3):
            await console.ask("typing", {"conversation_id": talk.id})
            await asyncio.sleep(0.02)
    assert await server.pool.fetchval("select count(*) from signal where kind = 'typing'") == 1
