"""What a customer's message leads to: an acknowledgement, the bot, a queue, its owner, or nothing."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from arriving import deliver, inbox_of, row, whatsapp
from conftest import TestServices
from factories import make_viewer
from work_scenes import with_organisation

from server.actions.unit import Topic
from server.domain import languages


async def test_a_first_message_to_the_investment_desk_is_acknowledged_and_queued(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "What are your fees?"))

    conversation = await row(services, "select * from conversation")
    assert conversation["state"] == "queued"
    assert await services.pool.fetchval("select count(*) from waiting") == 1
    purposes = [row[0] for row in await services.pool.fetch("select purpose from outbox order by seq")]
    assert purposes[0] == "acknowledgement"
    assert "bot" not in purposes
    assert await services.pool.fetchval("select count(*) from sla_timer where target = 'first_response'") == 1
    assert services.publisher.kinds[:2] == ["ConversationOpened", "MessageReceived"]
    assert {Topic.OUTBOX, Topic.WAITING} <= set(services.waker.topics)


async def test_the_acknowledgement_comes_once_per_opening_and_in_the_customers_language(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "السلام عليكم، أريد أن أسأل عن الصناديق"))
    await deliver(services, whatsapp(inbox, "هل من أحد؟"))

    sent = await services.pool.fetch(
        "select m.text from outbox o join message m on m.id = o.message_id where purpose = 'acknowledgement'"
    )
    assert len(sent) == 1
    assert any("\u0600" <= letter <= "\u06ff" for letter in sent[0]["text"])
    assert await services.pool.fetchval("select language from conversation") == "ar"


async def acknowledged(services: TestServices) -> list[str]:
    """The languages of what was said by itself, in order: the acknowledgement, and outside the hours the notice."""
    rows = await services.pool.fetch(
        "select m.text from outbox o join message m on m.id = o.message_id"
        " where purpose in ('acknowledgement', 'out_of_hours') order by o.id"
    )
    return [languages.detect(each["text"]) or "" for each in rows]


@pytest.fixture
def closed(services: TestServices) -> TestServices:
    """The services of an organisation whose offices never open."""
    known = services.organisation()
    calendars = {id: msgspec.structs.replace(each, hours=()) for id, each in known.calendars.items()}
    return with_organisation(services, msgspec.structs.replace(known, calendars=calendars))


@pytest.mark.parametrize("resolved", ["1 hour", "3 days"])
async def test_who_changes_the_language_is_acknowledged_in_the_new_one(closed: TestServices, resolved: str) -> None:
    """Whether the conversation opens again or a new one begins; outside the hours, too."""
    inbox = inbox_of(closed, "financial")
    await deliver(closed, whatsapp(inbox, "What are your fees?"))
    assert await acknowledged(closed) == ["en", "en"]
    await closed.pool.execute("delete from waiting")
    await closed.pool.execute(
        "update conversation set state = 'resolved', resolved_at = now() - $1::text::interval", resolved
    )
    await deliver(closed, whatsapp(inbox, "السلام عليكم، أريد أن أسأل عن الصناديق"))
    assert (await acknowledged(closed))[2:] == ["ar", "ar"]
    last = await row(closed, "select id, language from conversation order by id desc limit 1")
    assert last["language"] == "ar"
    skills = await closed.pool.fetchval("select skills from waiting where conversation_id = $1", last["id"])
    assert skills == ["arabic"]


async def test_the_words_of_a_burst_tell_its_language_whatever_comes_beside_them(closed: TestServices) -> None:
    inbox = inbox_of(closed, "financial")
    told = whatsapp(inbox, "👍", "a photo", "أريد أن أسأل عن الصناديق", "🙏")
    photo = told["entry"][0]["changes"][0]["value"]["messages"][1]
    del photo["text"]
    photo |= {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}}
    await deliver(closed, told)
    assert await closed.pool.fetchval("select count(*) from message where kind = 'image'") == 1
    assert await acknowledged(closed) == ["ar", "ar"]
    assert await closed.pool.fetchval("select language from conversation") == "ar"
    assert await closed.pool.fetchval("select skills from waiting") == ["arabic"]


async def test_of_two_languages_in_a_burst_the_latest_is_answered(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Hello", "أريد أن أسأل عن الصناديق"))
    assert set(await acknowledged(services)) == {"ar"}


async def test_the_bot_welcomes_and_hands_off_when_a_person_is_asked_for(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello"))
    assert await services.pool.fetchval("select state from conversation") == "bot"
    welcome = await services.pool.fetchval("select count(*) from outbox where purpose = 'bot'")
    assert welcome >= 1

    await deliver(services, whatsapp(inbox, "I want to talk to a person"))
    assert await services.pool.fetchval("select state from conversation") == "queued"
    assert "HandedOff" in services.publisher.kinds


async def test_a_burst_gets_one_answer(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hi", "are you there", "hello?"))
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 3
    asked = await services.pool.fetchval("select count(*) from event where kind = 'MessageQueued'")

    other = whatsapp(inbox_of(services, "hospitality"), "Hi", phone="15550002222", name="Karim Aziz")
    await deliver(services, other)
    assert await services.pool.fetchval("select count(*) from event where kind = 'MessageQueued'") == 2 * asked


async def test_a_message_that_comes_late_is_not_answered_by_the_bot(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello", at=datetime.now(UTC) - timedelta(hours=25)))
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    assert await services.pool.fetchval("select state from conversation") == "queued"
    assert await services.pool.fetchval("select count(*) from waiting") == 1


async def test_a_message_to_an_owned_conversation_reaches_its_owner(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Hello"))
    salma = await make_viewer(services.pool)
    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'assigned', owner_id = $1", salma.user_id)
    services.publisher.events.clear()
    await deliver(services, whatsapp(inbox, "Are you there?"))
    received = next(event for event in services.publisher.events if event.kind == "MessageReceived")
    assert received.user_id == salma.user_id
    assert await services.pool.fetchval("select state from conversation") == "assigned"


async def test_who_wrote_arabic_before_is_answered_in_arabic_again(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "السلام عليكم"))
    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'resolved', resolved_at = now() - interval '3 days'")
    await deliver(services, whatsapp(inbox, "👍"))
    languages = [each[0] for each in await services.pool.fetch("select language from conversation order by id")]
    assert languages == ["ar", "ar"]


@pytest.mark.parametrize(
    ("sector", "text", "priority"),
    [
        ("education", "my son has a peanut allergy and is vomiting", "urgent"),
        ("education", "ابنتي مريضة وعندها حساسية", "urgent"),
        ("education", "my daughter got no lunch today", "high"),
        ("hospitality", "I got food poisoning, call an ambulance", "urgent"),
    ],
)
async def test_no_bot_answers_an_emergency_with_a_menu(
    services: TestServices, sector: str, text: str, priority: str
) -> None:
    await deliver(services, whatsapp(inbox_of(services, sector), "Hello"))
    await deliver(services, whatsapp(inbox_of(services, sector), text))
    found = await row(services, "select state, priority from conversation")
    assert tuple(found) == ("queued", priority)
    last = await services.pool.fetchval(
        "select body->>'kind' from message where author = 'bot' order by id desc limit 1"
    )
    assert last == "text"
