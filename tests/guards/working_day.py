"""One conversation through every hand, and what can be said about it after each step."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from factories import load_conversation, make_viewer
from work_scenes import pending

from server.actions import assign, lifecycle, reply
from server.actions.unit import Services
from server.domain.model import Presence, Role


async def a_working_day(services: TestServices) -> AsyncIterator[str]:
    """One conversation through every hand, and one with a bot; yields after each step."""
    inbox = inbox_of(services, "financial")
    salma = await make_viewer(services.pool, "Salma Fathy", presence=Presence.ONLINE, skills=("english",))
    nadia = await make_viewer(services.pool, "Nadia Hosny", role=Role.SUPERVISOR, presence=Presence.ONLINE)
    number = (f"working-day-{n}" for n in itertools.count())

    await deliver(services, whatsapp(inbox, "What are your fees?"))
    yield "queued"
    id: int = await services.pool.fetchval("select id from conversation")
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello", phone="15550002222"))
    yield "a bot answers another"
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "a person please", phone="15550002222"))
    yield "handed off"
    offer = await _offer(services, id)
    yield "offered"
    await assign.decline(services, salma, offer)
    yield "declined"
    await services.pool.execute("update offer set decided_at = decided_at - interval '1 hour'")
    offer = await _offer(services, id)
    await services.pool.execute("update offer set expires_at = now() - interval '1 hour'")
    await assign.expire(services)
    yield "expired"
    await services.pool.execute("update offer set decided_at = decided_at - interval '1 hour'")
    await assign.accept(services, salma, await _offer(services, id))
    yield "accepted"
    version = (await load_conversation(services.pool, id)).version
    await reply.reply(services, salma, id, command_id=next(number), text="0.4 %", based_on_version=version)
    yield "answered"
    await lifecycle.hand_back(services, salma, id, command_id=next(number))
    yield "handed back"
    await lifecycle.take_over(services, nadia, id, command_id=next(number))
    yield "taken over"
    await lifecycle.transfer_to_queue(services, nadia, id, queue_id="portfolios", command_id=next(number))
    yield "transferred to a queue"
    await lifecycle.reassign(services, nadia, id, advisor_id=salma.user_id, command_id=next(number))
    yield "reassigned"
    await lifecycle.transfer_to_advisor(services, salma, id, advisor_id=nadia.user_id, command_id=next(number))
    yield "transferred to a colleague"
    await lifecycle.resolve(services, nadia, id, command_id=next(number))
    yield "resolved"
    await deliver(services, whatsapp(inbox, "One more thing"))
    yield "reopened"


async def misplaced(services: Services) -> list[tuple[int, str]]:
    """Conversations whose rows do not agree on where they are."""
    rows = await services.pool.fetch(
        "select id, state from conversation c where"
        " (state = 'queued') <> exists (select from waiting w where w.conversation_id = c.id)"
        " or (state = 'offered') <> exists (select from offer o where o.conversation_id = c.id and o.state = 'pending')"
        " or (state = 'assigned') <>"
        "   exists (select from assignment a where a.conversation_id = c.id and a.ended_at is null)"
        " or (state = 'assigned') <> (owner_id is not null) or (state <> 'bot' and flow_state is not null)"
    )
    return [(row["id"], row["state"]) for row in rows]


def from_the_log(events: list[Any]) -> dict[int, tuple[str, int | None]]:
    """State and owner of each conversation, from nothing but its facts."""
    found: dict[int, tuple[str, int | None]] = {}
    states = {"ConversationQueued": "queued", "OfferMade": "offered", "ConversationResolved": "resolved"}
    for id, kind, data in events:
        if kind in ("ConversationOpened", "ConversationReopened"):
            found[id] = ("bot", None)
        elif kind == "ConversationAssigned":
            found[id] = ("assigned", data["advisor_id"])
        elif kind == "ConversationReleased":
            found[id] = (found[id][0], None)
        elif kind in states:
            found[id] = (states[kind], None)
    return found


async def _offer(services: TestServices, conversation_id: int) -> int:
    """Until this one is offered; what others are offered meanwhile stays with them."""
    await services.pool.execute("update presence_lease set expires_at = now() + interval '5 minutes'")
    await services.pool.execute("update advisor set presence = 'online', presence_reason = null")
    await assign.match(services)
    return int(next(each["id"] for each in await pending(services.pool) if each["conversation_id"] == conversation_id))
