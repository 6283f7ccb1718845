"""Customers as people: searched, read, merged and parted, each only as far as one has met them."""

from factories import make_conversation, make_customer, make_viewer
from live_server import LiveServer

from server.domain.model import Channel, Role


async def test_people_are_found_by_name_handle_and_number_in_any_digits(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    omar = await make_customer(server.pool, "Omar Haddad", value="201055512345")
    lina = await make_customer(server.pool, "لينا_100%", channel=Channel.INSTAGRAM)
    await server.pool.execute("update identity set username = 'lina.k' where id = $1", lina.identity_id)
    await make_conversation(server.pool, owner=salma, customer=omar)
    await make_conversation(server.pool, owner=salma, customer=lina, channel=Channel.INSTAGRAM)
    await make_conversation(server.pool, customer=await make_customer(server.pool, "Omar of somebody else"))
    async with server.console(salma) as console:
        for words, names in {
            "omar": ["Omar Haddad"], "LINA": ["لينا_100%"], "555 123": ["Omar Haddad"], "٥٥٥١٢٣": ["Omar Haddad"],
            "0%": ["لينا_100%"], "a_": [], "nobody": [],
        }.items():  # fmt: skip
            found = await console.get(f"/api/contacts?search={words.replace('%', '%25')}")
            assert [each["contact"]["name"] for each in found["contacts"]] == names, words
        await console.get("/api/contacts?search=o", status=422)


async def test_a_person_is_shown_with_what_one_may_know(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR)
    omar = await make_customer(server.pool, "Omar Haddad", value="201055512345")
    mine = await make_conversation(server.pool, customer=omar)
    theirs = await make_conversation(server.pool, customer=omar, sector="hospitality", channel=Channel.MESSENGER)
    async with server.console(nadia) as console:
        person = await console.get(f"/api/contacts/{omar.contact_id}")
        assert (person["name"], person["may_merge"], person["picture"]) == ("Omar Haddad", True, None)
        assert [each["id"] for each in person["conversations"]] == [mine.id]
        assert [each["label"] for each in person["identities"]] == ["+201055512345"]
        await console.get(f"/api/contacts/{omar.contact_id + 99}", status=404)
    clara = await make_viewer(server.pool, "Clara", sectors=("hospitality",), role=Role.SUPERVISOR)
    async with server.console(clara) as console:
        person = await console.get(f"/api/contacts/{omar.contact_id}")
        assert [each["id"] for each in person["conversations"]] == [theirs.id]


async def test_a_merge_is_followed_on_every_screen_and_undone(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    nadia = await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR, language="ar")
    omar, twin = [await make_customer(server.pool, name) for name in ("Omar Haddad", "O. Haddad")]
    first = await make_conversation(server.pool, customer=omar, owner=salma)
    second = await make_conversation(server.pool, customer=twin)
    async with server.console(salma) as watching, server.console(nadia) as console:
        await watching.connect()
        command = {"command_id": "merge-0001", "other_id": omar.contact_id}
        merged = await console.post(f"/api/contacts/{twin.contact_id}/merge", command)
        assert await console.post(f"/api/contacts/{twin.contact_id}/merge", command) == merged
        assert merged["contact_id"] == omar.contact_id
        push = await watching.until("event", kind="ContactsMerged", conversation_id=first.id)
        assert push["fact"]["words"] == "Another conversation of the same customer ended, and goes on here"
        thread = await console.get(f"/api/conversations/{second.id}")
        assert thread["conversation"]["state"] == "resolved"
        assert "انتهت هذه المحادثة: تستمر محادثة أخرى مع العميل نفسه" in [each["words"] for each in thread["facts"]]
        # Whoever asks for the one that is gone gets whom they became.
        person = await console.get(f"/api/contacts/{twin.contact_id}")
        assert person["id"] == omar.contact_id
        [merge] = person["merges"]
        assert (merge["id"], merge["by"], merge["by_name"]) == (merged["merge_id"], "person", "Nadia")
        assert merge["may_undo"]
        path = f"/api/merges/{merge['id']}/undo"
        undone = await console.post(path, {"command_id": "undo-0001"})
        assert undone["other_id"] == twin.contact_id
        assert (await console.post(path, {"command_id": "undo-0002"}, status=409))["type"] == "/problems/conflict"
        assert (await console.get(f"/api/contacts/{twin.contact_id}"))["id"] == twin.contact_id
        await watching.until("event", kind="ContactsSeparated", conversation_id=first.id)
