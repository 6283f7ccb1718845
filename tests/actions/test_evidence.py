"""Two contacts turn out to be one person: by what an item names together, by WhatsApp's own word."""

from datetime import timedelta
from typing import Any

from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from factories import make_viewer
from people_scenes import AT, contacts, new_id, system, talks

from server.domain.model import Presence


async def test_a_phone_and_a_user_id_met_apart_are_one_person_once_an_item_names_both(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "By phone", phone="15550002222", at=AT))
    await deliver(services, whatsapp(inbox, "By id", phone=None, user_id="EG.7001", at=AT + timedelta(minutes=1)))
    assert len(set((await contacts(services)).values())) == 2
    await deliver(services, whatsapp(inbox, "Both", phone="15550002222", user_id="EG.7001"))

    assert len(set((await contacts(services)).values())) == 1
    older, newer = await talks(services)
    assert (older["state"], newer["state"]) == ("queued", "resolved")
    assert older["contact_id"] == newer["contact_id"]
    assert await services.pool.fetchval("select text from message where conversation_id = $1 order by id desc limit 1",
                                        older["id"]) == "Both"  # fmt: skip
    merge: Any = await services.pool.fetchrow("select * from contact_merge")
    assert merge["by"] == "evidence"
    assert merge["moved"]["conversations"] == [newer["id"]]
    said = [each for each in services.publisher.events if each.kind == "ContactsMerged"]
    assert {each.conversation_id: each.data.get("goes_on_id") for each in said}[newer["id"]] == older["id"]
    assert {each.conversation_id: each.data.get("took_up_id") for each in said}[older["id"]] == newer["id"]
    # What was asked there waits here.
    assert older["waiting_since"] is not None
    assert older["unread"] == 3


async def test_the_owned_conversation_goes_on_though_it_is_the_newer(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    salma = await make_viewer(services.pool, presence=Presence.ONLINE)
    await deliver(services, whatsapp(inbox, "By phone", phone="15550002222", at=AT))
    await deliver(services, whatsapp(inbox, "By id", phone=None, user_id="EG.7001", at=AT + timedelta(minutes=1)))
    older, newer = await talks(services)
    await services.pool.execute("delete from waiting where conversation_id = $1", newer["id"])
    await services.pool.execute("update conversation set state = 'assigned', owner_id = $1 where id = $2",
                                salma.user_id, newer["id"])  # fmt: skip
    await deliver(services, whatsapp(inbox, "Both", phone="15550002222", user_id="EG.7001"))
    older, newer = await talks(services)
    assert (older["state"], newer["state"], newer["owner_id"]) == ("resolved", "assigned", salma.user_id)
    assert await services.pool.fetchval("select count(*) from waiting") == 0


async def test_a_number_given_to_somebody_else_joins_nobody(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "I am Omar", phone="15550002222", user_id="EG.7001", at=AT))
    await deliver(services, whatsapp(inbox, "I am Hoda", phone="15550002222", user_id="EG.7999"))
    known = await contacts(services)
    assert known["EG.7001"] != known["EG.7999"] == known["15550002222"]
    omar, hoda = await talks(services)
    assert (omar["contact_id"], hoda["contact_id"]) == (known["EG.7001"], known["EG.7999"])
    # Omar is answered by his own id: his number is hers now.
    value = "select value from identity where id = $1"
    assert await services.pool.fetchval(value, omar["identity_id"]) == "EG.7001"


async def test_a_number_moves_between_two_who_are_known(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "I am Omar", phone="15550002222", user_id="EG.7001", at=AT))
    await deliver(services, whatsapp(inbox, "I am Hoda", phone="15550003333", user_id="EG.7999", at=AT))
    await deliver(services, whatsapp(inbox, "Hoda again", phone="15550002222", user_id="EG.7999"))
    known = await contacts(services)
    assert known["15550002222"] == known["EG.7999"] != known["EG.7001"]
    assert await services.pool.fetchval("select count(*) from contact_merge") == 0


async def test_whatsapps_word_joins_even_two_user_ids(services: TestServices) -> None:
    """The message under the new id overtook the news of the change."""
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Old id", phone="15550002222", user_id="EG.7001", at=AT))
    await deliver(services, whatsapp(inbox, "New id", phone=None, user_id="EG.7002", at=AT + timedelta(minutes=1)))
    await deliver(services, system(services, new_id("EG.7002", "EG.7001")))
    known = await contacts(services)
    assert known["EG.7001"] == known["EG.7002"] == known["15550002222"]
    older, newer = await talks(services)
    assert (older["state"], newer["state"]) == ("queued", "resolved")
    assert await services.pool.fetchval("select value from identity where id = $1", older["identity_id"]) == "EG.7002"


async def test_a_change_of_id_keeps_the_conversation_and_answers_go_to_the_new_one(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Hello", phone=None, user_id="EG.7001", at=AT))
    [before] = await talks(services)
    await deliver(services, system(services, new_id("EG.7002", "EG.7001")))
    [after] = await talks(services)
    assert after["id"] == before["id"]
    assert after["state"] == "queued"
    assert await services.pool.fetchval("select value from identity where id = $1", after["identity_id"]) == "EG.7002"
    [fact] = [each for each in services.publisher.events if each.kind == "IdentityChanged"]
    assert fact.data == {"what": "user_id"}
    await deliver(services, whatsapp(inbox, "It is me", phone=None, user_id="EG.7002"))
    assert len(await talks(services)) == 1


async def test_a_change_of_number_takes_along_what_waits_to_be_sent(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Hello", phone="15550002222"))
    [queued] = await services.pool.fetch("select recipient from outbox")
    assert queued["recipient"]["value"] == "15550002222"
    await deliver(
        services, system(services, {"type": "user_changed_number", "wa_id": "15550004444"}, **{"from": "15550002222"})
    )
    [queued] = await services.pool.fetch("select recipient from outbox")
    assert queued["recipient"]["value"] == "15550004444"
    [talk] = await talks(services)
    assert (
        await services.pool.fetchval("select value from identity where id = $1", talk["identity_id"]) == "15550004444"
    )


async def test_an_empty_wa_id_then_a_phone_then_a_new_id_are_one_person(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    body = whatsapp(inbox, "Hello", phone=None, user_id="US.1", at=AT)
    value = body["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["wa_id"] = value["messages"][0]["from"] = ""
    await deliver(services, body)
    await deliver(services, whatsapp(inbox, "With a phone", phone="15550002222", user_id="US.1", at=AT))
    await deliver(services, system(services, new_id("US.2", "US.1")))
    await deliver(services, whatsapp(inbox, "New id", phone="15550002222", user_id="US.2"))
    assert len(set((await contacts(services)).values())) == 1
    assert set(await contacts(services)) == {"US.1", "US.2", "15550002222"}
    assert len(await talks(services)) == 1
