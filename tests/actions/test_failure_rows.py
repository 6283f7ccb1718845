"""Every code of facts §8 through the stack: from an advisor's reply to the state and the words it ends in."""

import re
from collections.abc import Awaitable, Callable

import pytest
from conftest import TestServices
from delivering import another, message, pass_time, say
from factories import make_conversation, make_customer, make_viewer
from failure_rows import ROWS, End, Row
from playing_meta import Meta, accept, refuses

from server.actions import inboxes
from server.channels.graph import GraphClient
from server.domain.conversation import Conversation
from server.domain.failure_codes import MESSAGING, WHATSAPP, rule_of
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.store import views
from server.store.vault import Vault, generate_key
from server.web import wire
from server.web.present import Presenter

_CASES = [pytest.param(channel, row, id=f"{channel}-{row.name}") for channel, all_ in ROWS.items() for row in all_]
_ARABIC = re.compile("[\u0600-\u06ff]")


class Scene:
    """One message to one customer, which Meta refuses with a code."""

    def __init__(self, services: TestServices, graph: GraphClient, meta: Meta, channel: Channel) -> None:
        self.services, self.graph, self.meta, self.channel = services, graph, meta, channel
        self.worker = another(services, graph)
        self.message_id = 0
        self.failure = Failure(0)

    async def refuse(self, code: int, subcode: int | None, status: int) -> None:
        self.failure = Failure(code, subcode)
        self.meta.answer, self.meta.sends = refuses(code, subcode, status=status), []
        self.message_id = await say(self.services, await self.talk(), f"About {code}")
        await self.worker.deliver_due()

    async def talk(self) -> Conversation:
        db = self.services.pool
        customer = await make_customer(db, channel=self.channel)
        return await make_conversation(db, owner=await make_viewer(db), channel=self.channel, customer=customer)

    async def status(self) -> str:
        return str((await message(self.services, self.message_id))["status"])

    async def deliver(self, after: float) -> int:
        """As if so much time had passed, by a worker whom nobody asked to wait."""
        await self.worker.release()
        await pass_time(self.services, after)
        self.worker = another(self.services, self.graph)
        return await self.worker.deliver_due()

    @property
    def kinds(self) -> list[str]:
        return self.services.publisher.kinds

    async def value(self, sql: str) -> object:
        return await self.services.pool.fetchval(sql)

    async def shown(self, language: str) -> wire.Failure | None:
        async with self.services.pool.acquire() as connection:
            row = await views.message(connection, self.message_id)
        return Presenter(self.services.organisation(), language).message(row).failure

    async def forget(self) -> None:
        """The next code begins as if this one had never been told."""
        await self.worker.release()
        for table in ("outbox", "suppression", "event"):
            await self.services.pool.execute(f"delete from {table}")
        await self.services.pool.execute("update inbox set paused_at = null, paused_reason = null, resumes_at = null")
        self.services.publisher.events.clear()
        self.worker = another(self.services, self.graph)


@pytest.mark.parametrize(("channel", "row"), _CASES)
async def test_a_code_ends_in_its_state(
    services: TestServices, graph: GraphClient, meta: Meta, channel: Channel, row: Row
) -> None:
    scene = Scene(services, graph, meta, channel)
    for code, subcode in row.codes:
        await scene.refuse(code, subcode, row.status)
        await _ENDS[row.end](scene)
        english, arabic = await scene.shown("en"), await scene.shown("ar")
        if english is not None and arabic is not None:
            assert english.act == row.act
            assert row.word in english.words
            assert _ARABIC.search(arabic.words), arabic.words
        await scene.forget()


@pytest.mark.parametrize("channel", list(Channel))
def test_every_rule_is_in_a_row(channel: Channel) -> None:
    """A rule for a code that no row speaks of is one that nobody asked for."""
    codes = WHATSAPP if channel is Channel.WHATSAPP else MESSAGING
    rows = {each for row in ROWS[channel] for each in row.codes}
    if channel is not Channel.WHATSAPP:
        rows |= {each for other in (Channel.MESSENGER, Channel.INSTAGRAM) for row in ROWS[other] for each in row.codes}
    # Ours are below zero; the last are Meta's other names for a throttle, a missing node, a token and a policy block.
    others = {code for code in codes.codes if code < 0} | {0, 3, 17, 32, 33, 80006, 80007, 368}
    assert set(codes.codes) <= {code for code, _ in rows} | others
    assert set(codes.pairs) <= rows


async def failed(scene: Scene) -> None:
    assert await scene.status() == "failed"
    assert await scene.deliver(100_000) == 0, "never again by itself"
    # Asking for a chat that another app holds says nothing to the customer.
    assert len([each for each in scene.meta.sends if set(each) != {"recipient"}]) == 1
    assert not {"SendingPaused", "SendingAlarmed", "MarketingStopped"} & set(scene.kinds)


async def alarmed(scene: Scene) -> None:
    assert await scene.status() == "failed"
    assert scene.kinds.count("SendingAlarmed") == 1
    await say(scene.services, await scene.talk(), "Another")
    assert await scene.deliver(0) == 1
    assert scene.kinds.count("SendingAlarmed") == 1, "told once an hour"
    assert "SendingPaused" not in scene.kinds


async def paused(scene: Scene) -> None:
    assert await scene.status() == "queued"
    assert await scene.shown("en") is None, "nothing is wrong with the message"
    assert scene.kinds.count("SendingPaused") == 1
    assert await scene.deliver(100_000) == 0, "until a person connects it again"
    scene.meta.answer = accept
    await inboxes.set_token(scene.services, Vault([generate_key()]), f"financial-{scene.channel}", "NEW")
    assert scene.kinds.count("SendingResumed") == 1
    # The vault's key is not the worker's: what counts here is that it is tried again.
    assert await scene.deliver(0) == 1


async def paused_for_a_while(scene: Scene) -> None:
    assert await scene.status() == "queued"
    assert await scene.deliver(60) == 0
    await scene.services.pool.execute("update inbox set resumes_at = resumes_at - interval '1 hour'")
    scene.meta.answer = accept
    assert await scene.deliver(0) == 1
    assert await scene.status() == "accepted"
    assert scene.kinds.count("SendingResumed") == 1


async def retried(scene: Scene) -> None:
    refusing, scene.meta.answer = scene.meta.answer, accept
    assert await scene.status() == "queued"
    await say(scene.services, await scene.talk(), "Somebody else's")
    assert await scene.worker.deliver_due() == 1, "nobody else waits"
    assert await scene.deliver(2000) == 1
    assert await scene.status() == "accepted"
    await until_enough(scene, refusing)


async def retried_together(scene: Scene) -> None:
    refusing, scene.meta.answer = scene.meta.answer, accept
    assert await scene.status() == "queued"
    await say(scene.services, await scene.talk(), "Somebody else's")
    assert await scene.worker.deliver_due() == 0, "the whole inbox rests"
    assert await scene.deliver(4000) == 2
    assert await scene.status() == "accepted"
    await until_enough(scene, refusing)


async def until_enough(scene: Scene, refusing: Callable[..., Awaitable[object]]) -> None:
    """Refused for ever, it ends as failed after as many calls as the rule says."""
    scene.meta.answer, scene.meta.sends = refusing, []  # type: ignore[assignment]
    scene.message_id = await say(scene.services, await scene.talk(), "Never taken")
    tries = rule_of(scene.channel, scene.failure).tries
    for _ in range(tries):
        assert await scene.deliver(4000) == 1
    assert await scene.deliver(4000) == 0
    assert await scene.status() == "failed"
    assert len(scene.meta.sends) == tries > 1


async def once_more(scene: Scene) -> None:
    assert await scene.status() == "queued"
    assert await scene.deliver(10) == 1
    assert await scene.deliver(100_000) == 0
    assert await scene.status() == "failed"
    assert len(scene.meta.sends) == 2


async def suppressed(scene: Scene) -> None:
    assert await scene.status() == "failed"
    assert await scene.value("select (value, until is null)::text from suppression") == "(stop,t)"
    assert scene.kinds.count("MarketingStopped") == 1


async def held(scene: Scene) -> None:
    assert await scene.status() == "failed"
    assert await scene.value("select until - at = interval '1 day' from suppression") is True
    assert "MarketingStopped" not in scene.kinds
    assert await scene.deliver(100_000) == 0, "never immediately"


async def uncertain(scene: Scene) -> None:
    assert await scene.value("select state from outbox") == "uncertain"
    assert await scene.deliver(61) == 0, "never again by itself"
    assert await scene.status() == "uncertain"
    assert len(scene.meta.sends) == 1


_ENDS: dict[End, Callable[[Scene], Awaitable[None]]] = {
    End.FAILED: failed,
    End.ALARMED: alarmed,
    End.PAUSED: paused,
    End.PAUSED_FOR_A_WHILE: paused_for_a_while,
    End.RETRIED: retried,
    End.RETRIED_TOGETHER: retried_together,
    End.ONCE_MORE: once_more,
    End.SUPPRESSED: suppressed,
    End.HELD: held,
    End.UNCERTAIN: uncertain,
}
