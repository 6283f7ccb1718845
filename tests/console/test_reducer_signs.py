"""What happens to messages after they were said, as the browser folds it: signs, edits, files, late news."""

import pytest
from console.stand_in_data import ME, Json, iso, message
from console.stand_in_media import attachment
from console.test_reducer import FOLD, lived, load, modules, pushes
from playwright.async_api import Page

__all__ = ["modules"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_signs_on_a_message_come_and_go_with_it(modules: Page) -> None:
    world, start = lived()
    said = world.message(1, 1001)
    said["reactions"] = [{"emoji": "🙏", "by": "customer"}]
    await world.push(1, "MessageReacted", message=said)
    said |= {"text": "Hello again", "edited_at": said["at"]}
    await world.push(1, "MessageEdited", message=said)
    taken = world.message(1, 1007)
    taken |= {"kind": "revoke", "text": "", "body": {}, "revoked_at": taken["at"]}
    await world.push(1, "MessageRevoked", message=taken)
    told = pushes(world)
    fresh = await modules.evaluate(FOLD, [load(world)])
    assert await modules.evaluate(FOLD, [start + told]) == fresh
    assert await modules.evaluate(FOLD, [start + told[::-1] + told]) == fresh


async def test_a_change_that_took_effect_is_no_line_any_more(modules: Page) -> None:
    world, start = lived()
    line = message(1999, 1, "customer", "For 5?", iso(world.now()), kind="edit")
    await world.push(1, "MessageReceived", message=line)
    before = pushes(world)
    settled = line | {"text": "", "body": {"applied": True}, "revoked_at": line["at"]}
    await world.push(1, "MessageSettled", message=settled, data={"message_id": line["id"]})
    for told, lines in ((before, [1999]), (pushes(world), []), (pushes(world)[::-1], [])):
        state = await modules.evaluate(FOLD, [start + told])
        assert [one["id"] for one in state["threads"]["1"]["messages"] if one["kind"] == "edit"] == lines


async def test_our_reaction_is_a_line_only_while_it_needs_somebody(modules: Page) -> None:
    world, start = lived()
    sent = message(1999, 1, "advisor", "", iso(world.now()), kind="reaction", body={"emoji": "🎉"}, status="queued")
    found: list[list[int]] = []
    for status in ("queued", "failed", "queued", "accepted"):
        await world.push(1, "MessageMoved", message=sent | {"status": status})
        state = await modules.evaluate(FOLD, [start + pushes(world)])
        found.append([one["id"] for one in state["threads"]["1"]["messages"] if one["kind"] == "reaction"])
    assert found == [[], [1999], [], []]


async def test_a_file_of_mine_pushed_before_the_answer_is_shown_once(modules: Page) -> None:
    world, start = lived()
    outgoing = {"kind": "image", "attachment_id": 11, "caption": "Here"}
    entry: Json = {"command_id": "one", "conversation_id": 3, "text": "Here", "state": "sending", "echo": None}
    entry["outgoing"] = outgoing
    sent = message(3999, 3, "advisor", "Here", iso(world.now()), kind="image", attachments=[attachment(11, "image")])
    also = message(4000, 3, "advisor", "Here", iso(world.now()))
    await world.said(sent, "MessageQueued", f"user:{ME['id']}")
    written = {"type": "reply_written", "entry": entry}
    taken = {"type": "reply_taken", "id": 3, "commandId": "one", "message": sent, "also": [also]}
    shown = """async ([events]) => { const {initial, reduce} = await import("/static/js/lib/state.js");
      const {timeline} = await import("/static/js/lib/timeline.js"); const state = events.reduce(reduce, initial);
      return timeline(state.threads[3], state.pending[3])
        .filter((item) => item.message?.id > 3900 || item.entry).length }"""
    assert await modules.evaluate(shown, [[*start, written]]) == 1
    assert await modules.evaluate(shown, [[*start, written, *pushes(world)]]) == 1
    assert await modules.evaluate(shown, [[*start, written, *pushes(world), taken]]) == 2
    assert await modules.evaluate(shown, [[*start, written, taken, *pushes(world)]]) == 2
