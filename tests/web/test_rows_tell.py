"""What a row says of a customer nobody has answered yet, and of one without a name."""

from datetime import UTC, datetime, timedelta

from factories import make_conversation, make_customer, make_message, make_viewer
from live_server import LiveServer

from server.domain.model import Author, Channel, Presence, Role

NOW = datetime.now(UTC)


async def test_the_customers_words_stand_before_the_bots_until_a_person_answers(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    nameless = await make_customer(server.pool, "", channel=Channel.INSTAGRAM, value="17840001234")
    talk = await make_conversation(
        server.pool, owner=salma, channel=Channel.INSTAGRAM, customer=nameless, at=NOW, text="Is the table free?"
    )
    await make_message(
        server.pool, talk.id, text="We have your message", author=Author.BOT, at=NOW + timedelta(seconds=1)
    )
    async with server.console(salma) as console:
        [waiting] = (await console.get("/api/inbox"))["conversations"]
        await server.pool.execute("update conversation set waiting_since = null where id = $1", talk.id)
        [answered] = (await console.get("/api/inbox"))["conversations"]
    assert waiting["contact"]["name"] == "Instagram · 1234"
    assert (waiting["last_message"]["author"], waiting["last_message"]["text"]) == ("customer", "Is the table free?")
    assert waiting["last_message"]["status"] is None
    assert (answered["last_message"]["author"], answered["last_message"]["text"]) == ("bot", "We have your message")


async def test_a_transfer_is_offered_to_those_who_have_places(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    karim = await make_viewer(server.pool, "Karim Nabil", presence=Presence.ONLINE)
    steps_in = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR, presence=Presence.ONLINE)
    await server.pool.execute("update advisor set capacity = 0 where user_id = $1", steps_in.user_id)
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        targets = await console.get(f"/api/transfer-targets?conversation={talk.id}")
    offered = [each["id"] for each in targets["advisors"]]
    assert karim.user_id in offered
    assert steps_in.user_id not in offered
