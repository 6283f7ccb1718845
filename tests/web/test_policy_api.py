"""The window, the costs and the attempts as the console reads them; what machines are told of a paused inbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from factories import make_conversation, make_customer, make_message, make_viewer
from live_server import LiveServer

from server.domain.model import Author, Channel, MessageStatus, Role
from server.store import inboxes, views
from server.web.present import Presenter
from server.web.window import told

NOW = datetime.now(UTC)


async def opened(server: LiveServer, hours: float | None, channel: Channel = Channel.WHATSAPP, **columns: Any) -> Any:
    """The window of a conversation whose customer last wrote so long ago."""
    salma = await make_viewer(server.pool, "Salma Fathy")
    customer = await make_customer(server.pool, channel=channel)
    at = NOW - timedelta(hours=hours or 0)
    talk = await make_conversation(server.pool, owner=salma, channel=channel, customer=customer, at=at)
    if hours is None:
        await server.pool.execute("update conversation set last_inbound_at = null where id = $1", talk.id)
    for name, value in columns.items():
        await server.pool.execute(f"update conversation set {name} = $2 where id = $1", talk.id, value)
    async with server.console(salma) as console:
        thread = await console.get(f"/api/conversations/{talk.id}")
    return thread["window"], thread["conversation"]


async def test_an_open_window_says_until_when(server: LiveServer) -> None:
    window, summary = await opened(server, 3)
    assert (window["open"], window["by"], window["reason"]) == (True, "window", None)
    assert datetime.fromisoformat(window["until"]) == NOW + timedelta(hours=21)
    assert summary["window_closes_at"] == window["until"]


@pytest.mark.parametrize(
    ("channel", "remedy"),
    [(Channel.WHATSAPP, "template"), (Channel.MESSENGER, "template"), (Channel.INSTAGRAM, "wait")],
)
async def test_a_closed_one_says_why_and_what_helps(server: LiveServer, channel: Channel, remedy: str) -> None:
    window, _ = await opened(server, 25, channel)
    assert (window["open"], window["reason"], window["remedy"]) == (False, "window_over", remedy)
    assert window["words"] == "More than 24 hours have passed since the customer last wrote."
    assert datetime.fromisoformat(window["closed_at"]) == NOW - timedelta(hours=1)


async def test_somebody_who_never_wrote(server: LiveServer) -> None:
    window, summary = await opened(server, None)
    assert (window["open"], window["reason"], window["closed_at"]) == (False, "never_wrote", None)
    assert summary["window_closes_at"] is None


@pytest.mark.parametrize(
    ("channel", "hours", "granted"),
    [
        (Channel.MESSENGER, 3, True), (Channel.MESSENGER, 30, True), (Channel.INSTAGRAM, 30, True),
        (Channel.INSTAGRAM, 30, False), (Channel.MESSENGER, 170, True), (Channel.WHATSAPP, 30, True),
    ],
)  # fmt: skip
async def test_a_row_knows_as_much_as_the_thread(
    server: LiveServer, channel: Channel, hours: float, granted: bool
) -> None:
    known = server.services.organisation()
    inbox = msgspec.structs.replace(known.inboxes[f"financial-{channel}"], human_agent=granted)
    speak = Presenter(msgspec.structs.replace(known, inboxes=known.inboxes | {inbox.id: inbox}), "en")
    customer = await make_customer(server.pool, channel=channel)
    talk = await make_conversation(server.pool, channel=channel, customer=customer, at=NOW - timedelta(hours=hours))
    async with server.pool.acquire() as connection:
        row = (await views.summaries(connection, [talk.id]))[talk.id]
    summary, window = speak.summary(row), told(row, (), NOW, speak)
    day, people = summary.window_closes_at, summary.people_until
    assert day is not None
    assert (people is not None) is (granted and channel is not Channel.WHATSAPP)
    by = "window" if day > NOW else "human_agent" if people is not None and people > NOW else None
    assert (window.by, window.until) == (by, {"window": day, "human_agent": people, None: None}[by])


async def test_a_reaction_and_a_free_entry_show(server: LiveServer) -> None:
    free = NOW + timedelta(hours=40)
    window, summary = await opened(server, 30, touched_at=NOW - timedelta(hours=2), free_entry_until=free)
    assert window["open"]
    assert datetime.fromisoformat(summary["window_closes_at"]) == NOW + timedelta(hours=22)
    assert datetime.fromisoformat(window["free_until"]) == free
    assert window["marketing_stopped"] is False


async def test_the_reply_is_refused_with_the_same_reason(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy", language="ar")
    talk = await make_conversation(server.pool, owner=salma, at=NOW - timedelta(hours=25))
    async with server.console(salma) as console:
        problem = await console.post(
            f"/api/conversations/{talk.id}/replies",
            {"command_id": "late-0001", "text": "Hello", "based_on_version": talk.version}, status=409,
        )  # fmt: skip
    assert problem["type"] == "/problems/window-closed"
    assert (problem["reason"], problem["remedy"]) == ("window_over", "template")


async def priced(
    server: LiveServer, count: int, category: str, kind: str, at: datetime, sector: str = "financial"
) -> None:
    talk = await make_conversation(server.pool, owner=await make_viewer(server.pool))
    message_id = await make_message(server.pool, talk.id, author=Author.ADVISOR, status=MessageStatus.DELIVERED)
    await server.pool.execute(
        "insert into message (conversation_id, sector_id, inbox_id, direction, author, kind, provider_at, status,"
        " delivered_at, pricing_category, pricing_type, billable)"
        " select m.conversation_id, $2, $2 || '-whatsapp', 'outbound', 'advisor', 'text', $3, 'delivered', $3, $4, $5,"
        " $5 = 'regular' from message m, generate_series(1, $6::integer) where m.id = $1",
        message_id, sector, at, category, kind, count,
    )  # fmt: skip


async def test_costs_are_summed_by_number_and_month(server: LiveServer) -> None:
    november = datetime(2026, 11, 15, tzinfo=UTC)
    await priced(server, 7, "service", "free_customer_service", november)
    await priced(server, 3, "marketing", "regular", november)
    await priced(server, 2, "service", "free_entry_point", november)
    await priced(server, 5, "utility", "regular", datetime(2026, 10, 31, 12, tzinfo=UTC))
    await priced(server, 9, "utility", "regular", november, "hospitality")
    dana = await make_viewer(server.pool, "Dana Aziz", role=Role.OWNER)
    async with server.console(dana) as console:
        costs = await console.get("/api/costs?month=2026-11")
        october = await console.get("/api/costs?month=2026-10")
        await console.get("/api/costs")
        await console.get("/api/costs?month=2026-13", status=422)
    [number] = costs["inboxes"]
    assert number["inbox"] == "financial-whatsapp", "the other sector lies behind its wall"
    assert (costs["month"], number["delivered"], number["charged"]) == ("2026-11", 12, 3)
    assert number["free"] == {"allowance": 1000, "used": 7, "left": 993}
    assert {(each["category"], each["count"], each["charged"]) for each in number["lines"]} == {
        ("service", 7, False), ("marketing", 3, True), ("service", 2, False),
    }  # fmt: skip
    assert october["inboxes"][0]["charged"] == 5


async def test_the_attempts_at_a_message_are_its_history(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    talk = await make_conversation(server.pool, owner=salma)
    message_id = await make_message(
        server.pool, talk.id, author=Author.ADVISOR, author_id=salma.user_id, status=MessageStatus.UNCERTAIN
    )
    for seq, state, failure in ((1, "failed", '{"code": 131026, "title": "No"}'), (2, "uncertain", None)):
        await server.pool.execute(
            "insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening,"
            " recipient, payload, state, attempts, failure)"
            " select id, sector_id, bots, inbox_id, $2, $3, 'reply', 1, '{}',"
            " '{\"kind\": \"text\", \"text\": \"Hello\"}', $4, 1, $5::text::jsonb from conversation where id = $1",
            talk.id, message_id, seq, state, failure,
        )  # fmt: skip
    async with server.console(salma) as console:
        found = (await console.get(f"/api/messages/{message_id}/attempts"))["attempts"]
    assert [(each["state"], each["calls"]) for each in found] == [("failed", 1), ("uncertain", 1)]
    assert found[0]["failure"]["code"] == 131026
    assert found[1]["failure"]["words"].startswith("It may have been sent. Check")


async def test_a_waiting_message_tells_what_it_waits_for(server: LiveServer) -> None:
    salma = await make_viewer(server.pool, "Salma Fathy")
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        said = await console.call(
            "POST", f"/api/conversations/{talk.id}/replies",
            {"command_id": "waiting-0001", "text": "Good morning", "based_on_version": talk.version}, status=201,
        )  # fmt: skip
        path = f"/api/messages/{said['message']['id']}/attempts"
        assert [each["failure"] for each in (await console.get(path))["attempts"]] == [None]
        async with server.pool.acquire() as connection:
            assert await inboxes.pause(connection, talk.inbox_id, "190: expired", None)
        (waiting,) = (await console.get(path))["attempts"]
    assert (waiting["state"], waiting["calls"]) == ("queued", 0)
    assert waiting["failure"]["words"].startswith("This channel is disconnected from Meta")


async def test_readiness_tells_of_paused_inboxes_and_stays_ready(server: LiveServer) -> None:
    async with server.console(await make_viewer(server.pool)) as console:
        assert (await console.get("/readyz"))["sending"] == "ok"
        async with server.pool.acquire() as connection:
            assert await inboxes.pause(connection, "financial-whatsapp", "190: expired", None)
        told = await console.get("/readyz")
    assert (told["status"], told["sending"]) == ("ready", "paused for 1 inbox")
