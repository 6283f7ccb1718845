"""What people call a customer: within one sector, for everybody there, and for the rules."""

from typing import Any

from factories import load_conversation, make_conversation, make_customer, make_viewer
from live_server import LiveServer

from server.domain.access import Viewer
from server.domain.model import Channel, ConversationState, Priority, Role


async def test_a_label_is_given_and_taken_off_and_told(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    talk = await make_conversation(server.pool, owner=salma)
    path = f"/api/conversations/{talk.id}"
    async with server.console(salma) as console:
        given = {"command_id": "label-0001", "label": "vip", "on": True}
        first = await console.post(f"{path}/labels", given)
        assert await console.post(f"{path}/labels", given) == first
        thread = await console.get(path)
        assert {"id": "vip", "name": "VIP client", "on": True} in thread["context"]["labels"]
        assert [each["on"] for each in thread["context"]["labels"]].count(True) == 1
        assert thread["facts"][-1]["words"] == "Salma Fathy labelled the customer VIP client"
        # What is so already moves nothing.
        again = await console.post(f"{path}/labels", given | {"command_id": "label-0002"})
        assert again["version"] == first["version"]
        await console.post(f"{path}/labels", {"command_id": "label-0003", "label": "vip", "on": False})
        thread = await console.get(path)
        assert not any(each["on"] for each in thread["context"]["labels"])
        assert thread["facts"][-1]["kind"] == "ContactUnlabelled"


async def test_only_labels_of_the_sector_are_given_and_any_is_taken_off(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    talk = await make_conversation(server.pool, owner=salma)
    await _label(server, talk.contact_id, "financial", "of-last-year")
    path = f"/api/conversations/{talk.id}"
    async with server.console(salma) as console:
        refused = {"command_id": "label-0001", "label": "allergy", "on": True}
        assert (await console.post(f"{path}/labels", refused, status=422))["errors"][0]["field"] == "label"
        former = {"id": "of-last-year", "name": "of-last-year", "on": True}
        assert former in (await console.get(path))["context"]["labels"]
        await console.post(f"{path}/labels", {"command_id": "label-0002", "label": "of-last-year", "on": False})
        labels = (await console.get(path))["context"]["labels"]
    assert "of-last-year" not in [each["id"] for each in labels]


async def test_what_one_sector_calls_a_person_another_never_hears(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    clara = await make_viewer(server.pool, "Clara", sectors=("hospitality",))
    omar = await make_customer(server.pool, channel=Channel.MESSENGER)
    theirs = await make_conversation(server.pool, owner=salma, customer=omar, channel=Channel.MESSENGER)
    ours = await make_conversation(
        server.pool, owner=clara, customer=omar, channel=Channel.MESSENGER, sector="hospitality"
    )
    async with server.console(salma) as console:
        command = {"command_id": "label-0001", "label": "vip", "on": True}
        await console.post(f"/api/conversations/{theirs.id}/labels", command)
        await console.post(f"/api/conversations/{ours.id}/labels", command | {"command_id": "label-0002"}, status=404)
    async with server.console(clara) as console:
        labels = (await console.get(f"/api/conversations/{ours.id}"))["context"]["labels"]
    assert [(each["id"], each["on"]) for each in labels] == [("allergy", False), ("regular", False)]
    assert (await load_conversation(server.pool, ours.id)).version == ours.version


async def test_every_open_conversation_of_the_person_is_told(server: LiveServer) -> None:
    salma, karim = await make_viewer(server.pool), await make_viewer(server.pool, "Karim Nabil")
    omar = await make_customer(server.pool)
    mine = await make_conversation(server.pool, owner=salma, customer=omar)
    theirs = await make_conversation(server.pool, owner=karim, customer=omar, channel=Channel.INSTAGRAM)
    done = await make_conversation(
        server.pool, customer=omar, channel=Channel.MESSENGER, state=ConversationState.RESOLVED
    )
    async with server.console(karim) as listening:
        await listening.connect()
        await _give(server, salma, mine.id)
        push = await listening.until("event", kind="ContactLabelled")
    assert push["conversation_id"] == theirs.id
    assert push["fact"]["words"] == "Salma Fathy labelled the customer VIP client"
    assert (await load_conversation(server.pool, done.id)).version == done.version


async def test_whoever_waits_comes_as_early_as_the_rules_say_and_never_later(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR)
    waiting = await make_conversation(server.pool)
    urgent = await make_conversation(server.pool, priority=Priority.URGENT)
    before = await server.pool.fetchval("select rank from waiting where conversation_id = $1", waiting.id)
    await _give(server, nadia, waiting.id)
    await _give(server, nadia, urgent.id)
    assert (await load_conversation(server.pool, waiting.id)).priority is Priority.HIGH
    assert (await load_conversation(server.pool, urgent.id)).priority is Priority.URGENT
    row: Any = await server.pool.fetchrow("select priority, rank from waiting where conversation_id = $1", waiting.id)
    assert row["priority"] == "high"
    assert row["rank"] < before


async def _give(server: LiveServer, viewer: Viewer, conversation_id: int) -> None:
    async with server.console(viewer) as console:
        command = {"command_id": f"label-{conversation_id:05}", "label": "vip", "on": True}
        await console.post(f"/api/conversations/{conversation_id}/labels", command)


async def _label(server: LiveServer, contact_id: int, sector: str, label: str) -> None:
    await server.pool.execute("insert into contact_label values ($1, $2, $3)", contact_id, sector, label)
