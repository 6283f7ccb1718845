"""Who people are: asked of the simulator, told in the product."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from arriving import deliver
from conftest import TestServices
from simulator.meta_side import Meta, Receiver
from simulator.watched.standing import DESK, SCHOOL

from server.actions import profiles
from server.actions.profiles import Namer
from server.actions.tokens import Tokens
from server.channels.graph_media import GraphMedia
from server.channels.graph_nodes import GraphNodes
from server.domain.media_hosts import media_hosts

Switch = Callable[..., None]


@pytest.fixture
async def namer(kept: TestServices, meta: Meta, nodes: GraphNodes, tokens: Tokens) -> AsyncIterator[Namer]:
    async with GraphMedia(
        graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0", hosts=media_hosts([meta.url])
    ) as media:
        yield Namer(kept, nodes, tokens, media)


async def said(meta: Meta, receiver: Receiver, services: TestServices, inbox_id: str) -> int:
    """Layla writes; the identity we know her by."""
    await meta.said("layla-mansour", inbox_id, "Hello")
    await deliver(services, *receiver.raw)
    receiver.raw.clear()
    id: int = await services.pool.fetchval("select id from identity order by id desc limit 1")
    return id


async def identity(services: TestServices, id: int) -> Any:
    return await services.pool.fetchrow(
        "select i.*, p.* from identity i join profile p on p.identity_id = i.id where i.id = $1", id
    )


@pytest.mark.parametrize("inbox_id", [SCHOOL, DESK])
async def test_name_and_picture_come_later_and_screens_follow(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, inbox_id: str
) -> None:
    id = await said(meta, receiver, kept, inbox_id)
    assert (await identity(kept, id))["name"] == ""
    await namer.look_up_due()
    known = await identity(kept, id)
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    assert known["name"] == person.name
    assert known["username"] == (person.handle if inbox_id == DESK else None)
    assert known["picture_key"]
    assert await kept.files.size(known["picture_key"])
    name = await kept.pool.fetchval("select contact_name from conversation_summary")
    assert name == person.name
    assert [each.kind for each in kept.publisher.events].count("ContactChanged") == 2
    # Within a week nobody asks again; later only if she still writes.
    assert (await namer.look_up_due() or 0) > profiles.FRESH_SECONDS - 60
    await kept.pool.execute("update profile set run_at = now()")
    assert (await namer.look_up_due() or 0) > 3600
    assert (await identity(kept, id))["attempts"] == 0


async def test_who_wrote_again_after_a_week_is_asked_about_anew(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer
) -> None:
    id = await said(meta, receiver, kept, SCHOOL)
    await namer.look_up_due()
    await kept.pool.execute("update profile set run_at = now(), fetched_at = now() - interval '8 days'")
    await kept.pool.execute("update identity set name = 'Formerly'")
    await namer.look_up_due()
    assert (await identity(kept, id))["name"] != "Formerly"


@pytest.mark.parametrize(
    ("inbox_id", "profile", "trouble"),
    [
        (SCHOOL, "gone", "consent"),
        (SCHOOL, "consent", "permission"),
        (DESK, "gone", "unknown"),
        (DESK, "consent", "consent"),
    ],
)
async def test_without_consent_the_customer_stays_nameless_and_served(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, inbox_id: str, profile: str, trouble: str
) -> None:
    id = await said(meta, receiver, kept, inbox_id)
    await meta.control("/customers/layla-mansour/set", {"inbox": inbox_id, "profile": profile})
    await namer.look_up_due()
    known = await identity(kept, id)
    assert (known["name"], known["trouble"], known["picture_key"]) == ("", trouble, None)
    assert "·" in await kept.pool.fetchval("select contact_name from conversation_summary")
    assert (await namer.look_up_due() or 0) > 3600


async def test_a_dead_picture_leaves_the_name(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, set_switches: Switch
) -> None:
    id = await said(meta, receiver, kept, DESK)
    set_switches(media_fault="missing")
    await namer.look_up_due()
    known = await identity(kept, id)
    assert known["name"]
    assert known["picture_key"] is None


async def test_an_expired_token_only_delays_the_look_up(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, set_switches: Switch
) -> None:
    id = await said(meta, receiver, kept, DESK)
    set_switches(expired_tokens=["*"])
    await namer.look_up_due()
    assert (await identity(kept, id))["trouble"] == "token"
    set_switches(expired_tokens=[])
    await kept.pool.execute("update profile set run_at = now()")
    await namer.look_up_due()
    assert (await identity(kept, id))["name"]
