"""Committed facts reach the screens that may show them, and no other."""

import asyncio

from factories import make_conversation, make_viewer
from live_server import LiveServer
from talk import customer_writes, offer

from server.actions import lifecycle, notes, presence
from server.domain.model import Presence, Role


async def test_a_message_reaches_its_owner_and_the_supervisor_but_no_colleague(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    karim = await make_viewer(server.pool, "Karim Nabil", presence=Presence.ONLINE)
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as hers, server.console(karim) as his, server.console(nadia) as boss:
        for console in (hers, his, boss):
            await console.connect()
        await customer_writes(server.services, conversation.id, "How much is the smallest deposit?")
        push = await hers.until("event", kind="MessageReceived")
        assert push["message"]["text"] == "How much is the smallest deposit?"
        assert push["conversation"]["owner"] == {"id": salma.user_id, "name": "Salma Fathy"}
        assert push["conversation"]["last_message"]["text"] == "How much is the smallest deposit?"
        assert (await boss.until("event", kind="MessageReceived"))["message"] == push["message"]
        await boss.until("board", sectors=["financial"])
        assert his.events == []


async def test_an_offer_shows_the_conversation_only_to_whom_it_is_made(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    karim = await make_viewer(server.pool, "Karim Nabil", presence=Presence.ONLINE)
    conversation = await make_conversation(server.pool, text="I want to buy bonds")
    async with server.console(salma) as hers, server.console(karim) as his:
        await hers.connect()
        await his.connect()
        offer_id = await offer(server.services, conversation.id, salma.user_id)
        push = await hers.until("event", kind="OfferMade")
        assert push["offer"]["id"] == offer_id
        assert push["offer"]["wants"] == "I want to buy bonds"
        assert push["offer"]["conversation"]["id"] == conversation.id
        # Not hers yet: what is pushed beside the offer tells nothing of the conversation.
        assert "conversation" not in push
        assert "message" not in push
        assert (await hers.get("/api/inbox"))["offers"] == [push["offer"]]
        await hers.post(f"/api/offers/{offer_id}/accept", {"command_id": "accept-0001"})
        taken = await hers.until("event", kind="ConversationAssigned")
        assert taken["conversation"]["state"] == "assigned"
        assert taken["fact"]["words"] == "Salma Fathy took it"
        assert his.events == []


async def test_who_loses_a_conversation_is_shown_that_it_is_gone(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as hers:
        await hers.connect()
        await lifecycle.take_over(server.services, nadia, conversation.id, command_id="take-over-1")
        released = await hers.until("event", kind="ConversationReleased")
        assert released["conversation"]["owner"]["id"] == nadia.user_id
        hers.heard.clear()
        await customer_writes(server.services, conversation.id)
        await notes.add(server.services, nadia, conversation.id, text="Call her", command_id="note-0001")
        await asyncio.sleep(0.3)
        assert (await hers.ask("watch", {"conversation_id": conversation.id})) == {"ok": True}
        await notes.add(server.services, nadia, conversation.id, text="Call her again", command_id="note-0002")
        # Once held, it may be read on; unwatched, it is quiet.
        seen = await hers.until("event", kind="NoteAdded")
        assert seen["note"]["text"] == "Call her again"
        assert [each["kind"] for each in hers.events] == ["NoteAdded"]


async def test_each_is_told_in_their_own_language(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    laila = await make_viewer(server.pool, "Laila Adel", role=Role.SUPERVISOR, language="ar")
    conversation = await make_conversation(server.pool)
    async with server.console(nadia) as english, server.console(laila) as arabic:
        await english.connect()
        await arabic.connect()
        await lifecycle.resolve(server.services, nadia, conversation.id, command_id="resolve-1")
        told = await english.until("event", kind="ConversationResolved")
        assert told["fact"]["words"] == "Resolved by Nadia Hosny"
        said = await arabic.until("event", kind="ConversationResolved")
        organisation = server.services.organisation()
        assert said["conversation"]["sector_name"] == organisation.sectors["financial"].names["ar"]


async def test_an_owner_without_messages_hears_only_that_the_board_moved(server: LiveServer) -> None:
    aziz = await make_viewer(server.pool, "Aziz Mansour", role=Role.OWNER)
    conversation = await make_conversation(server.pool)
    async with server.console(aziz) as console:
        await console.connect()
        await customer_writes(server.services, conversation.id)
        await console.until("board", sectors=["financial"])
        assert (await console.until("beat"))["heads"] == {}
        assert console.events == []


async def test_a_changed_presence_reaches_the_person_and_the_board(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    async with server.console(salma) as hers, server.console(nadia) as boss:
        await hers.connect()
        await boss.connect()
        boss.heard.clear()
        await presence.set_presence(server.services, salma, Presence.AWAY)
        told = await hers.until("event", kind="PresenceChanged")
        assert told["data"]["presence"] == "away"
        await boss.until("board", sectors=["financial"])


async def test_colleagues_see_who_writes(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(server.pool, owner=salma)
    here = {"conversation_id": conversation.id}
    async with server.console(salma) as hers, server.console(nadia) as boss:
        await hers.connect()
        await boss.connect()
        assert await hers.ask("typing", here) == {"error": "malformed"}
        for console in (hers, boss):
            assert await console.ask("watch", here) == {"ok": True}
        assert await hers.ask("typing", here) == {"ok": True}
        told = await boss.until("typing")
        assert told == {"conversation_id": conversation.id, "user": {"id": salma.user_id, "name": "Salma Fathy"}}
        assert await boss.ask("unwatch", here) == {"ok": True}
        assert not [name for name, _ in hers.heard if name == "typing"]
