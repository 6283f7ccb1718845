"""The desk's list by what is due, and the queues nobody is there for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from factories import make_conversation, make_viewer
from live_server import LiveServer

from server.domain.model import ConversationState, Presence, Role
from server.store.pool import Pool

NOW = datetime.now(UTC).replace(microsecond=123457)


async def test_what_is_due_first_leads_and_pages_leave_nothing_out(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR)
    late, soon, resting, idle = [await make_conversation(server.pool, at=NOW - timedelta(hours=n)) for n in range(4)]
    await _timer(server.pool, late.id, "breached", timedelta(minutes=-9))
    await _timer(server.pool, soon.id, "running", timedelta(minutes=2))
    await _timer(server.pool, soon.id, "running", timedelta(hours=8), target="resolution")
    await _timer(server.pool, resting.id, "paused", None)
    later = [await make_conversation(server.pool, at=NOW - timedelta(days=1)) for _ in range(50)]
    for each in later:
        # All at one moment: the newest message decides, then the id.
        await _timer(server.pool, each.id, "running", timedelta(hours=1))
    async with server.console(nadia) as console:
        first = await console.get("/api/desk/conversations")
        second = await console.get(f"/api/desk/conversations?before={first['next']}")
        newest = await console.get("/api/desk/conversations?order=newest")
        overdue = await console.get("/api/desk/conversations?view=overdue")
        nobody = await console.get("/api/desk/conversations?view=overdue&sector=education")
        await console.get("/api/desk/conversations?before=nonsense", status=422)
        await console.get("/api/desk/conversations?order=loudest", status=422)
    ids = _ids(first) + _ids(second)
    assert ids[:2] == [late.id, soon.id]
    assert ids[2:52] == [each.id for each in reversed(later)]
    assert ids[52:] == [resting.id, idle.id]
    assert second["next"] is None
    assert _ids(newest)[0] == late.id
    assert _ids(newest)[3] == idle.id
    assert _ids(overdue) == [late.id]
    assert _ids(nobody) == []


async def test_an_answered_breach_is_overdue_no_more(server: LiveServer) -> None:
    nadia = await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR)
    talk = await make_conversation(server.pool)
    await _timer(server.pool, talk.id, "breached", timedelta(minutes=-9))
    await server.pool.execute("update sla_timer set met_at = now()")
    async with server.console(nadia) as console:
        assert _ids(await console.get("/api/desk/conversations?view=overdue")) == []


async def test_the_thread_has_every_clock_at_work(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    talk = await make_conversation(server.pool, owner=salma)
    await _timer(server.pool, talk.id, "running", timedelta(hours=8), target="resolution")
    await _timer(server.pool, talk.id, "running", timedelta(minutes=9), target="next_response")
    await _timer(server.pool, talk.id, "met", timedelta(minutes=1))
    async with server.console(salma) as console:
        thread = await console.get(f"/api/conversations/{talk.id}")
        alone = await console.get(f"/api/conversations/{talk.id}/timers")
    assert [each["target"] for each in thread["timers"]] == ["next_response", "resolution"]
    assert thread["timers"][0] == thread["conversation"]["timer"]
    assert alone == {"timers": thread["timers"]}


async def test_a_queue_says_when_nobody_online_could_take_what_waits(server: LiveServer) -> None:
    pool = server.pool
    nadia = await make_viewer(pool, "Nadia", role=Role.SUPERVISOR)
    # Nobody of the demo.
    await pool.execute("delete from user_sector where user_id <> $1", nadia.user_id)
    arabic, both = await make_conversation(pool), await make_conversation(pool)
    await make_conversation(pool, state=ConversationState.BOT, sector="hospitality")
    await _asks(pool, arabic.id, ["arabic"])
    await _asks(pool, both.id, ["arabic", "english"])
    # Wrong sector, wrong skills, nobody behind the screen, no capacity, not an advisor.
    await make_viewer(pool, "Yusuf", sectors=("education",), skills=("arabic", "english"), presence=Presence.ONLINE)
    await make_viewer(pool, "Sophie", skills=("english",), presence=Presence.ONLINE)
    layla = await make_viewer(pool, "Layla", skills=("arabic",), presence=Presence.ONLINE, live=False)
    omar = await make_viewer(pool, "Omar", skills=("arabic", "english"), presence=Presence.AWAY)
    await make_viewer(pool, "Zero", skills=("arabic", "english"), capacity=0, presence=Presence.ONLINE)
    async with server.console(nadia) as console:
        queue = await _queue(console, "financial")
        assert (queue["waiting"], queue["unserved"]) == (2, 2)
        assert [each["id"] for each in queue["helpers"]] == [layla.user_id, omar.user_id]
        await pool.execute(
            "insert into presence_lease (socket_id, user_id, process, expires_at)"
            " values ('back', $1, 'test', now() + interval '1 minute')",
            layla.user_id,
        )
        queue = await _queue(console, "financial")
        # What asks for Arabic alone is served now, however full she is.
        assert queue["unserved"] == 1
        assert [each["id"] for each in queue["helpers"]] == [omar.user_id]
        await pool.execute("update advisor set presence = 'online' where user_id = $1", omar.user_id)
        queue = await _queue(console, "financial")
    assert (queue["unserved"], queue["helpers"]) == (0, [])


def _ids(page: Any) -> list[int]:
    return [each["id"] for each in page["conversations"]]


async def _queue(console: Any, queue_id: str) -> Any:
    return next(each for each in (await console.get("/api/board"))["queues"] if each["id"] == queue_id)


async def _asks(pool: Pool, conversation_id: int, skills: list[str]) -> None:
    await pool.execute("update waiting set skills = $2 where conversation_id = $1", conversation_id, skills)


async def _timer(
    pool: Pool, conversation_id: int, state: str, due_in: timedelta | None, *, target: str = "first_response"
) -> None:
    await pool.execute(
        "insert into sla_timer (conversation_id, sector_id, policy_id, target, state, priority, target_seconds,"
        " started_at, due_at, warn_at, remaining_seconds)"
        " select $1, 'financial', id, $2, $3, 'normal', 300, $4, $5, $5, $6 from sla_policy limit 1",
        conversation_id, target, state, NOW, None if due_in is None else NOW + due_in,
        300 if state == "paused" else None,
    )  # fmt: skip
