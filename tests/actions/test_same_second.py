"""WhatsApp's times are whole seconds: what a customer answers within one must not jump before what they answered."""

from datetime import UTC, datetime, timedelta

from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices

HALF = timedelta(milliseconds=500)
SAID = "select author, text from message order by provider_at, id"


async def test_an_answer_within_the_same_second_comes_after_what_it_answers(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    this_second = datetime.now(UTC).replace(microsecond=0)
    await deliver(services, whatsapp(inbox, "Hello", at=this_second))
    # The bot's answer, wherever in that second the machine was.
    await services.pool.execute("update message set provider_at = $1 where author = 'bot'", this_second + HALF)
    await services.pool.execute("update conversation set last_message_at = $1", this_second + HALF)

    await deliver(services, whatsapp(inbox, "Opening hours", at=this_second))

    authors = [row["author"] for row in await services.pool.fetch(SAID)]
    assert authors[0] == "customer"
    assert authors.index("customer", 1) > authors.index("bot")
    later = await services.pool.fetchrow("select text, provider_at from message where author = 'customer' offset 1")
    assert later is not None
    assert later["text"] == "Opening hours"
    assert this_second + HALF < later["provider_at"] < this_second + timedelta(seconds=1)


async def test_a_message_of_an_earlier_second_keeps_its_place(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    this_second = datetime.now(UTC).replace(microsecond=0)
    await deliver(services, whatsapp(inbox, "second", at=this_second))
    await deliver(services, whatsapp(inbox, "first", at=this_second - timedelta(seconds=1)))
    said = [row["text"] for row in await services.pool.fetch(SAID) if row["author"] == "customer"]
    assert said == ["first", "second"]
