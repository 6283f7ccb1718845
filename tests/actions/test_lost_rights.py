"""Whoever loses a sector, the role that answers or their place here holds its conversations no longer (P7)."""

import shutil
from pathlib import Path

import pytest
from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from factories import load_conversation
from work_scenes import ago, arrive, of_kind, pending

from server.actions import assign, presence
from server.actions.organisation import apply
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import ConversationState, Presence, Role
from server.paths import DEMO_ORGANISATION

YUSUF = "yusuf.mansour@example.com"


@pytest.fixture
async def yusuf(services: TestServices) -> Viewer:
    """He answers for hospitality and education, and is online."""
    id = await services.pool.fetchval('select id from "user" where email = $1', YUSUF)
    viewer = Viewer(
        user_id=id, name="Yusuf Mansour", email=YUSUF, role=Role.ADVISOR,
        sectors=frozenset(("hospitality", "education")), reads_messages=True,
    )  # fmt: skip
    await presence.open_lease(services, id, "socket-of-yusuf", "web-1")
    await presence.set_presence(services, viewer, Presence.ONLINE)
    return viewer


async def given(services: TestServices, viewer: Viewer, sector: str, name: str, minutes: int) -> Conversation:
    """A conversation he accepted."""
    made = await arrive(services, name, at=ago(minutes=minutes), queue=sector, sector=sector)
    await assign.match(services)
    (offer,) = await pending(services.pool, viewer.user_id)
    await assign.accept(services, viewer, offer["id"])
    return made


async def apply_with(services: TestServices, folder: Path, old: str, new: str) -> None:
    """`majlis apply` of the demo with what it says of Yusuf changed."""
    shutil.copytree(DEMO_ORGANISATION, folder)
    path = folder / "org.toml"
    before, his, after = path.read_text(encoding="utf-8").partition(f'[users."{YUSUF}"]')
    assert old in after
    path.write_text(before + his + after.replace(old, new, 1), encoding="utf-8")
    assert await apply(services.pool, folder) != []


async def test_work_of_a_sector_that_was_taken_away_goes_back_with_its_age(
    services: TestServices, yusuf: Viewer, tmp_path: Path
) -> None:
    school = await given(services, yusuf, "education", "Rania", 30)
    cafe = await given(services, yusuf, "hospitality", "Omar", 20)
    offered = await arrive(services, "Dina", at=ago(minutes=10), queue="hospitality", sector="hospitality")
    await assign.match(services)
    assert [each["conversation_id"] for each in await pending(services.pool)] == [offered.id]
    assert await presence.reap(services) == 0

    await apply_with(services, tmp_path / "org", '["hospitality", "education"]', '["education"]')
    assert await presence.reap(services) == 2
    assert await presence.reap(services) == 0

    waiting = await services.pool.fetch("select conversation_id, entered_at from waiting order by rank")
    assert [tuple(each) for each in waiting] == [(cafe.id, cafe.waiting_since), (offered.id, offered.waiting_since)]
    assert (await load_conversation(services.pool, cafe.id)).state is ConversationState.QUEUED
    assert (await load_conversation(services.pool, school.id)).owner_id == yusuf.user_id
    (released,) = of_kind(services.publisher.events, "ConversationReleased")
    assert (released.user_id, released.data["reason"]) == (yusuf.user_id, "no_longer_allowed")
    (withdrawn,) = of_kind(services.publisher.events, "OfferWithdrawn")
    assert (withdrawn.user_id, withdrawn.conversation_id) == (yusuf.user_id, offered.id)
    assert await services.pool.fetchval("select presence from advisor where user_id = $1", yusuf.user_id) == "online"
    assert await assign.match(services) == 0


@pytest.mark.parametrize("change", ["update \"user\" set role = 'administrator'", 'update "user" set active = false'])
async def test_whoever_answers_no_customers_any_more_holds_none(
    services: TestServices, yusuf: Viewer, change: str
) -> None:
    cafe = await given(services, yusuf, "hospitality", "Omar", 20)
    await services.pool.execute(f"{change} where id = $1", yusuf.user_id)
    assert await presence.reap(services) == 1
    stored = await load_conversation(services.pool, cafe.id)
    assert (stored.state, stored.owner_id) == (ConversationState.QUEUED, None)


async def test_a_conversation_set_aside_goes_back_once_its_customer_writes_again(
    services: TestServices, yusuf: Viewer
) -> None:
    cafe = await given(services, yusuf, "hospitality", "Omar", 20)
    await services.pool.execute(
        "update conversation set state = 'snoozed', snoozed_until = now() + interval '1 day' where id = $1", cafe.id
    )
    await services.pool.execute("delete from user_sector where user_id = $1", yusuf.user_id)
    assert await presence.reap(services) == 0
    phone = await services.pool.fetchval("select value from identity where id = $1", cafe.identity_id)
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello?", phone=phone))
    assert (await load_conversation(services.pool, cafe.id)).owner_id == yusuf.user_id
    assert await presence.reap(services) == 1


async def test_a_right_that_came_back_in_time_keeps_the_work(
    services: TestServices, yusuf: Viewer, tmp_path: Path
) -> None:
    cafe = await given(services, yusuf, "hospitality", "Omar", 20)
    await apply_with(services, tmp_path / "org", '["hospitality", "education"]', '["education"]')
    await apply(services.pool, DEMO_ORGANISATION)
    assert await presence.reap(services) == 0
    assert (await load_conversation(services.pool, cafe.id)).owner_id == yusuf.user_id
