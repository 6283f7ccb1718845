"""The reducer as the browser runs it: a snapshot followed by its events equals a fresh snapshot."""

import json
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from console import stand_in_scenes as scenes
from console.stand_in_data import ME, Json
from console.stand_in_world import World
from playwright.async_api import Browser, Page

from server import paths

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# What the two must agree on; how it got there (heads, stale, link) may differ.
SHOWN = """(state) => ({conversations: state.conversations, offers: state.offers, me: state.me,
  threads: Object.fromEntries(Object.entries(state.threads).map(([id, {messages, notes, facts}]) =>
    [id, {messages, notes, facts}]))})"""
FOLD = """async ([events]) => {
  const {initial, reduce} = await import("/static/js/lib/state.js");
  return (SHOWN)(events.reduce(reduce, initial));
}""".replace("SHOWN", SHOWN)
SELECT = """async ([events, name, args]) => {
  const {initial, reduce} = await import("/static/js/lib/state.js");
  const select = await import("/static/js/lib/select.js");
  return select[name](events.reduce(reduce, initial), ...args);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def modules(chromium: Browser) -> Any:
    """An empty page from which the modules can be imported; the reducer needs nothing else."""
    app = web.Application()
    app.router.add_static("/static", paths.STATIC)

    async def empty(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html>", content_type="text/html")

    app.router.add_get("/", empty)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await chromium.new_page()
    await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield page
    await page.close()
    await runner.cleanup()


def lived() -> tuple[World, list[Json]]:
    """A world with two conversations of mine, and the events that load it."""
    world = World()
    world.hold(scenes.rich(world.now()), scenes.long_words(world.now()))
    return world, load(world)


def load(world: World) -> list[Json]:
    copy = json.loads(
        json.dumps({"inbox": world.inbox(), "threads": [world.opened(number) for number in world.threads]})
    )
    return [
        {"type": "inbox_loaded", "snapshot": copy["inbox"]},
        *({"type": "thread_loaded", "snapshot": opened} for opened in copy["threads"]),
    ]


def pushes(world: World, since: int = 0) -> list[Json]:
    return [{"type": "push", "push": push} for push in world.feed[since:]]


async def busy_hour(world: World) -> None:
    """Everything that happens to a conversation, and an offer besides."""
    said = await world.customer_writes(1, "Are you there?")
    await world.colleague_replies(1, "Omar here, for Lina.")
    await world.moves(1, 1013, "delivered")
    await world.moves(1, 1013, "read")
    await world.change(3, "PriorityChanged", "Priority from Low to High", priority="high")
    await world.customer_writes(3, "And one more thing")
    await world.change(1, "ConversationRead", unread=0)
    await world.moves(1, 1009, "read")
    assert said["message"]["text"] == "Are you there?"


async def test_snapshot_and_events_equal_a_fresh_snapshot(modules: Page) -> None:
    world, start = lived()
    await busy_hour(world)
    assert await modules.evaluate(FOLD, [start + pushes(world)]) == await modules.evaluate(FOLD, [load(world)])


async def test_events_twice_and_late_change_nothing(modules: Page) -> None:
    world, start = lived()
    await busy_hour(world)
    told = pushes(world)
    fresh = await modules.evaluate(FOLD, [load(world)])
    assert await modules.evaluate(FOLD, [start + told + told]) == fresh
    assert await modules.evaluate(FOLD, [[*start, *told[:2], *told, *told[:5]]]) == fresh


async def test_a_message_overtaken_by_a_newer_event_is_not_lost(modules: Page) -> None:
    world, start = lived()
    await world.customer_writes(1, "First")
    await world.customer_writes(1, "Second")
    first, second = pushes(world)
    assert await modules.evaluate(FOLD, [[*start, second, first]]) == await modules.evaluate(FOLD, [load(world)])


async def test_a_snapshot_that_pushes_overtook_does_not_undo_them(modules: Page) -> None:
    world, start = lived()
    await world.customer_writes(1, "Written while the snapshot was on its way")
    assert await modules.evaluate(FOLD, [start + pushes(world) + start]) == await modules.evaluate(FOLD, [load(world)])


async def test_a_resync_keeps_what_came_after_its_request(modules: Page) -> None:
    world, start = lived()
    as_of = {"conversation:1": 10, "conversation:3": 10}
    resync = {"type": "inbox_loaded", "snapshot": json.loads(json.dumps(world.inbox())), "asOf": as_of}
    resync["snapshot"]["conversations"] = []
    await world.customer_writes(1, "New")
    kept = await modules.evaluate(FOLD, [[start[0], *pushes(world), resync]])
    assert list(kept["conversations"]) == ["1"]


async def test_offers_come_and_go(modules: Page) -> None:
    world, start = lived()
    await world.make_offer(scenes.offer(world.now()))
    with_offer = await modules.evaluate(FOLD, [start + pushes(world)])
    assert [offer["id"] for offer in with_offer["offers"]] == [31]
    await world.end_offer(31, "OfferExpired")
    made, ended = pushes(world)
    assert (await modules.evaluate(FOLD, [[*start, made, ended]]))["offers"] == []
    assert (await modules.evaluate(FOLD, [[*start, ended, made]]))["offers"] == []


async def test_what_goes_to_somebody_else_leaves_my_list_and_asks_for_rights_anew(modules: Page) -> None:
    world, start = lived()
    await world.change(1, "ConversationTransferred", "To Omar", owner={"id": 8, "name": "Omar Nasser"})
    events = start + pushes(world)
    mine = await modules.evaluate(SELECT, [events, "myConversations", []])
    assert [summary["id"] for summary in mine] == [3]
    threads = await modules.evaluate(
        """async ([events]) => { const {initial, reduce} = await import("/static/js/lib/state.js");
        return events.reduce(reduce, initial).threads }""", [events])  # fmt: skip
    assert (threads["1"]["stale"], threads["3"]["stale"]) == (True, False)


async def test_my_own_push_before_the_answer_is_shown_once(modules: Page) -> None:
    world, start = lived()
    entry = {"command_id": "one", "conversation_id": 3, "text": "Yes", "state": "sending", "echo": None}
    status, answer = await world.reply(3, {"text": "Yes", "based_on_version": 10})
    assert status == 201
    written = {"type": "reply_written", "entry": entry}
    taken = {"type": "reply_taken", "id": 3, "commandId": "one", "message": answer["message"]}
    shown = """async ([events]) => { const {initial, reduce} = await import("/static/js/lib/state.js");
      const {timeline} = await import("/static/js/lib/timeline.js"); const state = events.reduce(reduce, initial);
      return timeline(state.threads[3], state.pending[3])
        .filter((item) => (item.message ?? item.entry)?.text === "Yes").length }"""
    assert await modules.evaluate(shown, [[*start, written]]) == 1
    assert await modules.evaluate(shown, [[*start, written, *pushes(world)]]) == 1
    assert await modules.evaluate(shown, [[*start, written, *pushes(world), taken]]) == 1
    assert await modules.evaluate(shown, [[*start, written, taken, *pushes(world)]]) == 1


async def test_the_light_tells_silence_from_a_slow_server(modules: Page) -> None:
    heard = {"connected": True, "failed": False, "catchingUp": False, "beatAt": 100_000, "serverLive": True}
    never = {"connected": False, "failed": False, "catchingUp": False, "beatAt": None, "serverLive": True}
    cases = [
        (heard, 105_000, "live"),
        (heard | {"serverLive": False}, 105_000, "catching_up"),
        (heard | {"catchingUp": True}, 105_000, "catching_up"),
        (heard, 112_001, "offline"),
        (heard | {"connected": False, "failed": True}, 101_000, "offline"),
        (never, 0, "catching_up"),
    ]
    light = """async ([link, now]) => (await import("/static/js/lib/select.js")).light(link, now)"""
    for link, now, expected in cases:
        assert await modules.evaluate(light, [link, now]) == expected


async def test_only_presence_of_mine_moves_my_switch(modules: Page) -> None:
    _, start = lived()
    theirs: Json = {
        "id": 1, "stream": "user:8", "version": 1, "kind": "PresenceChanged", "conversation_id": None,
        "actor": "user:8", "data": {"presence": "away"},
    }  # fmt: skip
    me = (await modules.evaluate(FOLD, [[*start, {"type": "push", "push": theirs}]]))["me"]
    assert me["presence"] == ME["presence"]
    mine = theirs | {"stream": "user:7", "data": {"presence": "wrap_up", "reason": "full"}}
    me = (await modules.evaluate(FOLD, [[*start, {"type": "push", "push": mine}]]))["me"]
    assert (me["presence"], me["presence_reason"]) == ("wrap_up", "full")
