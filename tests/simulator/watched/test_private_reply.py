"""A comment under a post, from Meta's webhook to the one private reply and on to the ordinary talk it begins."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from arriving import deliver
from conftest import TestServices
from factories import make_viewer
from live_server import Console, LiveServer, live_server
from simulator.meta_side import SECRET, Meta, Receiver

from server.actions.deliver import Deliverer
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.store.vault import Vault, generate_key

SARA, DESK, ACCOUNT = "sara-khalil", "financial-instagram", "17841400000000301"
SPENT = "They have not answered in private yet: one private reply to a comment is all Meta allows."


class Desk:
    """An advisor's console, the product behind it, and Sara's phone."""

    def __init__(
        self, kept: TestServices, meta: Meta, receiver: Receiver, sender: Deliverer, console: Console, owner: Viewer
    ) -> None:
        self.kept, self.meta, self.console = kept, meta, console
        self._receiver, self._sender, self._owner = receiver, sender, owner
        self._numbers = iter(range(1, 100))
        self.id = 0

    async def does(self, kind: str, **more: Any) -> dict[str, Any]:
        """Sara does something, and what Meta tells of it is applied."""
        line: dict[str, Any] = await self.meta.control(f"/customers/{SARA}/send", {"inbox": DESK, "kind": kind, **more})
        await self.applied()
        return line

    async def applied(self) -> None:
        await self.meta.settled()
        raw = [*self._receiver.raw]
        self._receiver.raw.clear()
        await deliver(self.kept, *raw)

    async def taken(self) -> None:
        self.id = await self.kept.pool.fetchval(
            "update conversation set state = 'assigned', owner_id = $1, queue_id = null returning id",
            self._owner.user_id,
        )
        await self.kept.pool.execute("delete from waiting")

    async def thread(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.console.get(f"/api/conversations/{self.id}")
        return found

    async def says(self, outgoing: dict[str, Any], *, status: int = 201, **more: Any) -> dict[str, Any]:
        version = (await self.thread())["conversation"]["version"]
        body = {
            "command_id": f"command-{next(self._numbers)}",
            "based_on_version": version,
            "outgoing": outgoing,
            **more,
        }
        answer: dict[str, Any] = await self.console.post(f"/api/conversations/{self.id}/messages", body, status=status)
        return answer

    async def sent(self) -> list[dict[str, Any]]:
        """What reached Sara's phone by now."""
        while await self._sender.deliver_due():
            pass
        await self.applied()
        thread = self.meta.simulator.acts.thread(SARA, DESK)
        return [{"id": each.id, "text": each.text} for each in thread.from_business()]

    async def outcomes(self) -> list[tuple[str, str | None]]:
        rows = await self.kept.pool.fetch("select state, comment_id from outbox order by id")
        return [(each["state"], each["comment_id"]) for each in rows]


@pytest.fixture
async def sender(kept: TestServices, meta: Meta) -> AsyncIterator[Deliverer]:
    async with GraphClient(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0") as graph:
        vault = Vault([generate_key()])
        yield Deliverer(kept, graph, vault, default_token="a-token", app_secret=lambda app_id: SECRET)


@pytest.fixture
async def server(database: str) -> AsyncIterator[LiveServer]:
    async with live_server(database) as running:
        yield running


@pytest.fixture
async def desk(
    kept: TestServices, meta: Meta, receiver: Receiver, sender: Deliverer, server: LiveServer
) -> AsyncIterator[Desk]:
    salma = await make_viewer(kept.pool, "Salma Fathy")
    async with server.console(salma) as console:
        yield Desk(kept, meta, receiver, sender, console, salma)


async def test_one_private_reply_then_words_once_they_answer(desk: Desk) -> None:
    comment = (await desk.does("comment", text="How much do I need to begin?"))["detail"]["comment"]
    assert await desk.outcomes() == [], "nothing automatic takes the one private reply"
    await desk.taken()
    thread = await desk.thread()
    window, told = thread["window"], thread["conversation"]
    assert (window["open"], window["by"]) == (True, "private_reply")
    assert told["private_reply"] == {"until": window["until"], "answered": False}
    assert (told["window_closes_at"], told["people_until"]) == (None, None)

    refused = await desk.says({"kind": "link", "text": "Here", "title": "Open", "url": "https://x.example"}, status=409)
    assert (refused["reason"], refused["detail"]) == (
        "only_a_text", "A comment is answered in private by one text that a person wrote.",
    )  # fmt: skip
    await desk.says({"kind": "text", "text": "From 10,000 pounds."})
    # It waits, and counts already.
    assert (await desk.says({"kind": "text", "text": "Hello?"}, status=409))["reason"] == "one_private_reply"
    assert [each["text"] for each in await desk.sent()] == ["From 10,000 pounds."]
    assert await desk.outcomes() == [("accepted", comment)]

    closed = await desk.thread()
    assert (closed["window"]["open"], closed["window"]["words"]) == (False, SPENT)
    assert closed["conversation"]["private_reply"]["answered"] is True
    again = await desk.says({"kind": "text", "text": "Are you there?"}, status=409)
    assert (again["reason"], again["detail"]) == ("one_private_reply", SPENT)
    assert len(await desk.sent()) == 1, "refused before the call"

    await desk.meta.said(SARA, DESK, "Thank you, and monthly?")
    await desk.applied()
    thread = await desk.thread()
    assert thread["window"]["by"] == "window"
    assert thread["conversation"]["private_reply"] is None
    await desk.says({"kind": "text", "text": "From 500."})
    assert [each["text"] for each in await desk.sent()] == ["From 10,000 pounds.", "From 500."]
    assert await desk.outcomes() == [("accepted", comment), ("accepted", None)]


async def test_what_surely_failed_does_not_count(desk: Desk) -> None:
    await desk.does("comment", text="How much?")
    await desk.taken()
    desk.meta.simulator.acts.thread(SARA, DESK).blocked = True
    message_id = (await desk.says({"kind": "text", "text": "From 10,000."}))["message"]["id"]
    assert await desk.sent() == []
    assert (await desk.thread())["window"]["by"] == "private_reply"
    desk.meta.simulator.acts.thread(SARA, DESK).blocked = False
    await desk.console.post(f"/api/messages/{message_id}/retry", {"command_id": "once-more"})
    assert [each["text"] for each in await desk.sent()] == ["From 10,000."]


async def test_another_comment_may_be_answered_too(desk: Desk) -> None:
    await desk.does("comment", text="How much?")
    await desk.taken()
    await desk.says({"kind": "text", "text": "From 10,000."})
    second = (await desk.does("comment", text="And monthly?"))["detail"]["comment"]
    assert (await desk.thread())["window"]["by"] == "private_reply"
    await desk.says({"kind": "text", "text": "From 500."})
    assert len(await desk.sent()) == 2
    assert (await desk.outcomes())[1] == ("accepted", second)
    assert (await desk.thread())["window"]["reason"] == "one_private_reply"


async def test_who_writes_before_it_leaves_is_answered_directly(desk: Desk) -> None:
    """What was queued for the comment goes by the person's own id."""
    await desk.does("comment", text="How much?")
    await desk.taken()
    await desk.says({"kind": "text", "text": "From 10,000."})
    await desk.meta.said(SARA, DESK, "Hello?")
    await desk.applied()
    assert len(await desk.sent()) == 1
    thread = desk.meta.simulator.acts.thread(SARA, DESK)
    assert [each.answered for each in thread.comments.values()] == [False]


async def test_a_private_reply_quotes_nothing(desk: Desk) -> None:
    await desk.meta.said(SARA, DESK, "Good morning")
    await desk.applied()
    await desk.taken()
    earlier = (await desk.thread())["messages"][0]["id"]
    await desk.kept.pool.execute("update conversation set last_inbound_at = now() - interval '40 hours'")
    await desk.does("comment", text="How much?")
    refused = await desk.says({"kind": "text", "text": "From 10,000."}, status=422, reply_to=earlier)
    assert refused["errors"][0]["detail"] == "A private reply to a comment quotes nothing."


@pytest.mark.parametrize("inbox", ["hospitality-instagram", "financial-instagram"])
async def test_no_machine_answers_a_comment(desk: Desk, inbox: str) -> None:
    await desk.meta.control(f"/customers/{SARA}/send", {"inbox": inbox, "kind": "comment", "text": "Hello"})
    await desk.applied()
    assert await desk.kept.pool.fetchval("select state from conversation") == "queued"
    assert await desk.outcomes() == []
