"""A utility template from the Page's list to the customer's phone once the day is over, and the news of its arrival."""

from collections.abc import AsyncIterator

import pytest
from arriving import deliver
from conftest import TestServices
from delivering import message
from factories import make_viewer
from simulator.meta_side import SECRET, Meta, Receiver, eventually
from simulator.watched.standing import SCHOOL, inbox

from server.actions.deliver import Deliverer
from server.actions.speak import speak
from server.actions.template_sync import Reader
from server.actions.tokens import Tokens
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.errors import WindowClosed
from server.domain.outgoing import Text
from server.domain.saying import FillTemplate, Saying
from server.store.vault import Vault, generate_key

LAYLA = "layla-mansour"


@pytest.fixture
async def graph(meta: Meta) -> AsyncIterator[GraphClient]:
    async with GraphClient(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0") as client:
        yield client


@pytest.fixture
def sender(kept: TestServices, graph: GraphClient) -> Deliverer:
    vault = Vault([generate_key()])
    return Deliverer(kept, graph, vault, default_token="a-token", app_secret=lambda app_id: SECRET)


async def late(kept: TestServices, meta: Meta, receiver: Receiver, sender: Deliverer, owner: Viewer) -> int:
    """Layla's conversation with the school: the bot greeted her, now it is this owner's; she is silent since a day."""
    await meta.said(LAYLA, SCHOOL, "Is there a place in the spring course?")
    await deliver(kept, *receiver.raw)
    while await sender.deliver_due():
        pass
    await meta.settled()
    receiver.raw.clear()
    await meta.control(f"/customers/{LAYLA}/set", {"inbox": SCHOOL, "last_wrote_hours_ago": 40})
    id: int = await kept.pool.fetchval(
        "update conversation set state = 'assigned', owner_id = $1, queue_id = null,"
        " last_inbound_at = now() - interval '40 hours' returning id", owner.user_id,
    )  # fmt: skip
    return id


async def say(kept: TestServices, owner: Viewer, id: int, saying: Saying, command_id: str) -> int:
    version = await kept.pool.fetchval("select version from conversation where id = $1", id)
    said = await speak(kept, owner, id, command_id=command_id, saying=saying, based_on_version=version)
    return int(said["message_id"])


async def test_a_pages_template_reaches_the_phone_after_the_day(
    kept: TestServices, meta: Meta, receiver: Receiver, graph: GraphClient, tokens: Tokens, sender: Deliverer
) -> None:
    mona = await make_viewer(kept.pool, "Mona Saleh", sectors=("education",))
    talk = await late(kept, meta, receiver, sender, mona)
    await Reader(kept, graph, tokens).read_due()
    page_id = inbox(kept, SCHOOL).external_id
    listed = await kept.pool.fetch("select distinct category from template where account = $1", page_id)
    assert [each["category"] for each in listed] == ["utility"]

    with pytest.raises(WindowClosed) as closed:
        await say(kept, mona, talk, Text("Yes, there is"), "c1")
    assert closed.value.extra["remedy"] == "template"

    template = FillTemplate(name="hello_again", language="ar", values={"body.guest": "ليلى"})
    sent = await say(kept, mona, talk, template, "c2")
    assert await sender.deliver_due() == 1
    await eventually(lambda: meta.simulator.acts.thread(LAYLA, SCHOOL).lines[-1].status == "delivered")
    line = meta.simulator.acts.thread(LAYLA, SCHOOL).lines[-1]
    assert (line.kind, line.text[:12]) == ("template", "مرحبًا ليلى،")

    await deliver(kept, *receiver.raw)
    row = await message(kept, sent)
    assert (row["status"], row["provider_id"]) == ("delivered", line.id)
    assert (
        await kept.pool.fetchval("select count(*) from message where direction = 'outbound' and kind = 'template'") == 1
    )
