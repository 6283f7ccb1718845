"""What the console reads and what its commands answer."""

from datetime import UTC, datetime, timedelta

from factories import make_conversation, make_customer, make_message, make_viewer
from live_server import LiveServer

from server.domain.model import Author, Channel, ConversationState, MessageStatus, Presence, Priority, Role

NOW = datetime.now(UTC).replace(microsecond=123457)


async def test_the_inbox_is_what_i_hold_with_who_i_am(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE, capacity=3)
    karim = await make_viewer(server.pool, "Karim Nabil")
    mine = await make_conversation(server.pool, owner=salma, priority=Priority.HIGH, at=NOW)
    await make_conversation(server.pool, owner=karim)
    await server.pool.execute(
        "insert into sla_timer (conversation_id, sector_id, policy_id, target, state, priority, target_seconds,"
        " started_at, due_at, warn_at) select $1, 'financial', id, 'first_response', 'running', 'high', 300, $2, $3, $3"
        " from sla_policy limit 1",
        mine.id, NOW, NOW + timedelta(minutes=5),
    )  # fmt: skip
    async with server.console(salma) as console:
        inbox = await console.get("/api/inbox")
    [summary] = inbox["conversations"]
    assert summary["id"] == mine.id
    assert summary["sector_name"] == server.services.organisation().sectors["financial"].names["en"]
    assert summary["channel"] == "whatsapp"
    assert summary["contact"]["name"] == "Omar Haddad"
    assert summary["last_message"]["text"] == "I want to invest 50,000 pounds"
    assert datetime.fromisoformat(summary["window_closes_at"]) == NOW + timedelta(hours=24)
    assert summary["timer"]["target"] == "first_response"
    assert datetime.fromisoformat(summary["timer"]["due_at"]) == NOW + timedelta(minutes=5)
    me = inbox["me"]
    assert (me["presence"], me["capacity"], me["load"]) == ("online", 3, 1)
    assert me["rights"] == {"board": False, "supervise": False, "administer": False, "converse": True}
    assert me["preferences"]["enter_sends"] is True


async def test_a_thread_holds_what_was_said_and_what_may_be_done(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    conversation = await make_conversation(server.pool, owner=salma, channel=Channel.INSTAGRAM, at=NOW)
    [first] = await server.pool.fetch("select id, provider_id from message")
    await make_message(
        server.pool, conversation.id, text="Which bond?", author=Author.ADVISOR, author_id=salma.user_id,
        body={"kind": "text", "text": "Which bond?", "reply_to": first["provider_id"]}, at=NOW + timedelta(seconds=9),
    )  # fmt: skip
    failed = await make_message(
        server.pool, conversation.id, text="Hello?", author=Author.ADVISOR, author_id=salma.user_id,
        status=MessageStatus.FAILED, at=NOW + timedelta(seconds=20),
    )  # fmt: skip
    await server.pool.execute(
        """update message set failure = '{"code": 10, "subcode": 2534022, "title": "outside window"}' where id = $1""",
        failed,
    )
    async with server.console(salma) as console:
        note = await console.post(
            f"/api/conversations/{conversation.id}/notes", {"command_id": "note-0001", "text": "Regular"}, status=201
        )
        path = f"/api/conversations/{conversation.id}/draft"
        await console.call("PUT", path, {"text": "Dear Omar"}, status=204)
        thread = await console.get(f"/api/conversations/{conversation.id}")
        await console.call("PUT", path, {"text": ""}, status=204)
        assert (await console.get(f"/api/conversations/{conversation.id}"))["draft"] == ""
    assert [each["text"] for each in thread["messages"]] == [
        "I want to invest 50,000 pounds", "Which bond?", "Hello?"
    ]  # fmt: skip
    answer, refused = thread["messages"][1:]
    quoted = {"text": "I want to invest 50,000 pounds", "author": "customer", "kind": "text", "kind_name": "Text"}
    assert answer["reply_to"] == {"id": first["id"], **quoted}
    assert answer["author_name"] == "Salma Fathy"
    assert refused["failure"]["act"] in ("template", "wait")
    assert "24 hours" in refused["failure"]["words"]
    assert thread["notes"] == [note]
    assert note["author"] == {"id": salma.user_id, "name": "Salma Fathy"}
    assert thread["draft"] == "Dear Omar"
    assert thread["limits"]["text"] == {"unit": "bytes", "max": 1000}
    assert thread["may"] == {
        "reply": True, "resolve": True, "hand_back": True, "transfer": True, "take_over": False, "reassign": False,
        "note": True,
    }  # fmt: skip


async def test_older_messages_come_a_page_at_a_time_even_within_one_moment(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    conversation = await make_conversation(server.pool, owner=salma, at=NOW, text="0")
    await server.pool.execute(
        "insert into referral (message_id, conversation_id, sector_id, source, source_id, headline, at)"
        " select id, conversation_id, sector_id, 'ad', '120210', 'Invest from 1,000 pounds', $1 from message", NOW,
    )  # fmt: skip
    await server.pool.execute(
        "insert into message (conversation_id, sector_id, inbox_id, direction, author, kind, text, provider_at)"
        " select $1, 'financial', 'financial-whatsapp', 'inbound', 'customer', 'text', n::text, $2"
        " from generate_series(1, 119) n",
        conversation.id, NOW,
    )  # fmt: skip
    async with server.console(salma) as console:
        thread = await console.get(f"/api/conversations/{conversation.id}")
        pages, more = [thread["messages"]], thread["more"]
        while more:
            oldest = pages[0][0]["id"]
            page = await console.get(f"/api/conversations/{conversation.id}/messages?before={oldest}")
            pages.insert(0, page["messages"])
            more = page["more"]
    assert [len(page) for page in pages] == [20, 50, 50]
    assert thread["context"]["referral"]["headline"] == "Invest from 1,000 pounds", "though it came with the first"
    assert [each["text"] for page in pages for each in page] == [str(n) for n in range(120)]


async def test_lists_page_through_every_conversation_once(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR, sectors=("financial", "education"))
    salma = await make_viewer(server.pool, "Salma Fathy")
    made = []
    for number in range(60):
        # Some share a moment: only the id tells them apart.
        at, owner = NOW - timedelta(seconds=number // 3), salma if number % 10 == 0 else None
        made.append((await make_conversation(server.pool, at=at, text=None, owner=owner)).id)
    other = await make_conversation(server.pool, sector="education", state=ConversationState.RESOLVED, at=NOW)
    async with server.console(nadia) as console:
        first = await console.get("/api/conversations")
        second = await console.get(f"/api/conversations?before={first['next']}")
        assert second["next"] is None
        listed = [each["id"] for each in first["conversations"] + second["conversations"]]
        assert sorted(listed) == sorted(made)
        assert len(first["conversations"]) == 50
        resolved = await console.get("/api/conversations?view=resolved")
        assert [each["id"] for each in resolved["conversations"]] == [other.id]
        owned = await console.get(f"/api/conversations?owner={salma.user_id}")
        assert len(owned["conversations"]) == 6
        assert (await console.get("/api/conversations?view=mine"))["conversations"] == []
    async with server.console(salma) as console:
        assert len((await console.get("/api/conversations"))["conversations"]) == 6


async def test_the_board_counts_who_waits_and_who_is_here(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    # Her presence row still says online, but no socket of hers is alive.
    gone = await make_viewer(server.pool, "Karim Nabil", presence=Presence.ONLINE, live=False)
    early = await make_conversation(server.pool, at=NOW - timedelta(minutes=9), priority=Priority.URGENT)
    await make_conversation(server.pool, at=NOW, customer=await make_customer(server.pool, "Hoda Samir"))
    held = await make_conversation(server.pool, owner=salma, customer=await make_customer(server.pool, "Adel Sami"))
    await server.pool.execute(
        "insert into sla_timer (conversation_id, sector_id, policy_id, target, state, priority, target_seconds,"
        " started_at, due_at, warn_at, breached_at, noticed_at)"
        " select c, 'financial', p.id, 'first_response', s, 'high', 60, now(), now() + interval '1 hour',"
        "  now() - interval '1 second', case when s = 'breached' then now() end,"
        "  case when s = 'breached' then now() end"
        " from unnest($1::bigint[], $2::text[]) as t (c, s), (select id from sla_policy limit 1) p",
        [early.id, held.id], ["breached", "running"],
    )  # fmt: skip
    async with server.console(nadia) as console:
        board = await console.get("/api/board")
        targets = await console.get(f"/api/transfer-targets?conversation={held.id}")
    [queue] = [each for each in board["queues"] if each["waiting"]]
    assert (queue["id"], queue["waiting"]) == ("financial", 2)
    assert queue["by_priority"] == {"urgent": 1, "high": 0, "normal": 1, "low": 0}
    assert datetime.fromisoformat(queue["longest_wait_since"]) == NOW - timedelta(minutes=9)
    assert queue["sla"] == {"ok": 0, "due_soon": 1, "breached": 1}
    assert board["totals"] == {"bot": 0, "queued": 2, "offered": 0, "assigned": 1}
    people = {each["name"]: each for each in board["advisors"]}
    assert (people["Salma Fathy"]["presence"], people["Salma Fathy"]["load"]) == ("online", 1)
    assert people["Karim Nabil"]["presence"] == "offline"
    assert "Nadia Hosny" not in people
    assert gone.user_id in [each["id"] for each in targets["advisors"]]
    assert salma.user_id not in [each["id"] for each in targets["advisors"]]
    assert [each["id"] for each in targets["queues"]] == [
        each.id for each in server.services.organisation().queues.values() if each.sector == "financial"
    ]


async def test_commands_move_a_conversation_once(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    salma = await make_viewer(server.pool, "Salma Fathy", presence=Presence.ONLINE)
    conversation = await make_conversation(server.pool)
    path = f"/api/conversations/{conversation.id}"
    async with server.console(nadia) as boss, server.console(salma) as hers:
        taken = await boss.post(f"{path}/take-over", {"command_id": "command-1"})
        assert await boss.post(f"{path}/take-over", {"command_id": "command-1"}) == taken
        assert taken["state"] == "assigned"
        await boss.post(f"{path}/reassign", {"command_id": "command-2", "advisor_id": salma.user_id})
        assert (await hers.post(f"{path}/read", {"command_id": "command-3"}))["state"] == "assigned"
        assert (await hers.get("/api/inbox"))["conversations"][0]["unread"] == 0
        moved = {"command_id": "command-4", "queue": "financial", "note": "Wants bonds"}
        assert (await hers.post(f"{path}/transfer", moved))["state"] == "queued"
        assert (await boss.post(f"{path}/resolve", {"command_id": "command-5"}))["state"] == "resolved"
        thread = await hers.get(path)
        assert [each["text"] for each in thread["notes"]] == ["Wants bonds"]
        assert "Resolved by Nadia Hosny" in [each["words"] for each in thread["facts"]]
        assert not any(value for name, value in thread["may"].items() if name != "note")
        problem = await boss.post(f"{path}/take-over", {"command_id": "command-6"}, status=409)
        assert problem["type"] == "/problems/conflict"


async def test_what_i_set_for_myself_stays(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    async with server.console(salma) as console:
        await console.call("PATCH", "/api/me", {"preferences": {"theme": "dark"}})
        me = await console.call("PATCH", "/api/me", {"language": "ar", "preferences": {"sound": False}})
        assert me["preferences"] == {"theme": "dark", "sound": False, "desktop_notices": False, "enter_sends": True}
        assert me["language"] == "ar"
        assert me["sectors"] == [
            {"id": "financial", "name": server.services.organisation().sectors["financial"].names["ar"]}
        ]
        assert (await console.post("/api/me/presence", {"presence": "away"}))["presence"] == "away"


async def test_administrators_see_what_was_set_aside_and_who_there_is(server: LiveServer) -> None:
    sectors = ("financial", "education", "hospitality")
    amr = await make_viewer(server.pool, "Amr Zaki", role=Role.ADMINISTRATOR, sectors=sectors)
    await server.pool.execute(
        "insert into quarantine (received_at, app_id, path, reason, body)"
        " select now(), 'default', 'entry[0]', 'unknown_kind', '\\x7bff00'::bytea from generate_series(1, 60)"
    )
    async with server.console(amr) as console:
        page = await console.get("/api/quarantine")
        assert len(page["items"]) == 50
        assert page["items"][0]["body"] == "{\\377\\000"
        rest = await console.get(f"/api/quarantine?before={page['next']}")
        assert len(rest["items"]) == 10
        assert rest["next"] is None
        assert "Amr Zaki" in [each["name"] for each in (await console.get("/api/users"))["users"]]


async def test_what_was_set_aside_keeps_customers_words_from_who_reads_no_messages(server: LiveServer) -> None:
    await server.pool.execute(
        "insert into quarantine (received_at, app_id, sector_id, path, reason, body)"
        " select now(), 'default', sector, 'entry[0]', 'unknown_kind', 'secret words'::bytea"
        " from unnest(array['financial', null]) as of (sector)"
    )
    amr = await make_viewer(server.pool, "Amr Zaki", role=Role.ADMINISTRATOR, reads_messages=False)
    async with server.console(amr) as console:
        [item] = (await console.get("/api/quarantine"))["items"]
    assert (item["sector"], item["reason"], item["body"]) == ("financial", "unknown_kind", "")
