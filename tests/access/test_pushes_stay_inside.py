"""What happens in a sector is heard by those who may read it there, now: by nobody outside, and not for old rights."""

import asyncio
import contextlib
import itertools
import json

import pytest
from access.table import ROLES
from access.world import FOREIGN, World, leaked, make_world, reader_of
from factories import make_conversation
from live_server import Console, LiveServer
from talk import customer_writes, offer

from server.actions import assign, lifecycle, notes, reply
from server.domain.model import ConversationState

_commands = (f"foreign-day-{number:06d}" for number in itertools.count())


async def test_what_happens_in_a_sector_is_pushed_to_nobody_outside(server: LiveServer) -> None:
    world = await make_world(server, "supervisor")
    readers = {role: await reader_of(server.pool, role) for role in ROLES}
    readers["owner of all"] = await reader_of(server.pool, "owner", ("hospitality", "education", "financial"))
    async with contextlib.AsyncExitStack() as stack:
        consoles = {role: await stack.enter_async_context(server.console(each)) for role, each in readers.items()}
        inside = await stack.enter_async_context(server.console(world.overseer))
        for console in (*consoles.values(), inside):
            await console.connect()
            await console.ask("watch", {"conversation_id": world.foreign.c})
        await _a_foreign_day(server, world)
        assert await inside.ask("typing", {"conversation_id": world.foreign.c}) == {"ok": True}
        await inside.until("event", kind="ConversationResolved", conversation_id=world.shared.c)
        # Everything before this one was sent before it.
        talk = await make_conversation(server.pool, sector="hospitality", owner=readers["advisor"])
        await customer_writes(server.services, talk.id, "a table for two")
        for role in ("advisor", "supervisor", "administrator", "owner who reads"):
            await consoles[role].until("event", kind="MessageReceived", conversation_id=talk.id)
        await consoles["owner of all"].until("board")
        for kind in ("MessageReceived", "NoteAdded", "MessageQueued", "OfferMade", "ConversationAssigned"):
            await inside.until("event", kind=kind)
    assert leaked(json.dumps(inside.heard))
    leaks = [f"{role}: {each}" for role, each in _heard_too_much(consoles)]
    assert leaks == []
    for name in ("owner", "owner of all"):
        assert {name for name, _ in consoles[name].heard} <= {"board", "beat"}


@pytest.mark.parametrize("loss", ["sector", "grant", "role"])
async def test_rights_that_were_taken_away_take_effect(server: LiveServer, loss: str) -> None:
    world = await make_world(server, "supervisor")
    pool, overseer, insider = server.pool, world.overseer, world.insider
    person = insider if loss == "sector" else overseer
    own = {str(person.user_id)}
    async with server.console(person) as console:
        await console.connect()
        for ids in (world.foreign, world.shared):
            assert await console.ask("watch", {"conversation_id": ids.c}) == {"ok": True}
        note = {"command_id": "before-the-loss", "text": "finmark written by myself"}
        await console.post(f"/api/conversations/{world.foreign.c}/notes", note, status=201)
        offered = await make_conversation(pool, state=ConversationState.QUEUED, text="finmark offered late")
        await offer(server.services, offered.id, insider.user_id)
        if loss == "sector":
            await pool.execute("update user_sector set sector_id = 'hospitality' where user_id = $1", person.user_id)
        else:
            role, reads = ("owner", False) if loss == "grant" else ("advisor", True)
            await pool.execute(
                'update "user" set role = $2, reads_messages = $3 where id = $1', person.user_id, role, reads
            )
        # Requests at once; sockets as soon as the keeper looked.
        for path in ("/api/conversations", "/api/inbox", "/api/events?since=0"):
            seen = await console.get(path)
            seen.pop("me", None)
            assert set(leaked(json.dumps(seen))) <= own, path
        again = await console.call("POST", f"/api/conversations/{world.foreign.c}/notes", note, status=404)
        assert "written by myself" not in json.dumps(again)
        await asyncio.sleep(4)
        console.heard.clear()
        await _a_foreign_day(server, world)
        missed = await console.ask("catch_up", {"cursor": 0})
        leaks = leaked(json.dumps(missed["events"])) + leaked(json.dumps(console.events))
        leaks = [each for each in leaks if each not in own]
        assert leaks == []
        assert await console.ask("watch", {"conversation_id": world.foreign.c}) == {"error": "not-found"}


async def _a_foreign_day(server: LiveServer, world: World) -> None:
    """What can happen there, in two conversations of the insider and one that is offered to them."""
    services, insider = server.services, world.insider
    for ids in (world.foreign, world.shared):
        await customer_writes(services, ids.c, "finmark good morning")
    offered = await make_conversation(server.pool, state=ConversationState.QUEUED, text="finmark offered now")
    offer_id = await offer(services, offered.id, world.insider.user_id)
    await assign.accept(services, insider, offer_id)
    await notes.add(services, insider, world.foreign.c, text="finmark a note", command_id=next(_commands))
    version = await server.pool.fetchval("select version from conversation where id = $1", world.foreign.c)
    await reply.reply(
        services, insider, world.foreign.c, command_id=next(_commands), text="finmark a reply",
        based_on_version=version,
    )  # fmt: skip
    await lifecycle.hand_back(services, insider, world.foreign.c, command_id=next(_commands))
    await lifecycle.resolve(services, insider, world.shared.c, command_id=next(_commands))


def _heard_too_much(consoles: dict[str, Console]) -> list[tuple[str, str]]:
    found = []
    for role, console in consoles.items():
        for _, data in console.heard:
            text = json.dumps(data)
            found += [(role, each) for each in leaked(text)]
            if FOREIGN in text and role != "owner of all":
                found.append((role, FOREIGN))
    return found
