"""Whatever happens, what is offered is what a small model of the queue says: lowest rank first, within capacity."""

from datetime import datetime, timedelta

import msgspec
from conftest import TestServices
from factories import make_viewer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from work_scenes import ago, arrive, pending

from server.actions import assign, lifecycle, presence, queueing
from server.actions.unit import unit
from server.domain.access import Viewer
from server.domain.model import Presence, Priority
from server.domain.routing import Enqueue

HEAD_START = {Priority.URGENT: 3600, Priority.HIGH: 1200, Priority.NORMAL: 300, Priority.LOW: 0}
CAPACITY = 3

ARRIVALS = st.tuples(st.just("arrive"), st.integers(0, 7200), st.sampled_from(list(Priority)))
STEPS = st.lists(
    st.one_of(
        ARRIVALS,
        ARRIVALS,
        st.tuples(st.just("match")),
        st.tuples(st.just("accept")),
        st.tuples(st.just("resolve")),
        st.tuples(st.just("leave and return")),
        st.tuples(st.just("raise"), st.integers(0, 9)),
    ),
    min_size=3,
    max_size=14,
)


class Model(msgspec.Struct):
    waiting: dict[int, tuple[datetime, Priority]] = {}
    offered: dict[int, tuple[datetime, Priority]] = {}
    owned: set[int] = set()

    def order(self) -> list[int]:
        def rank(id: int) -> tuple[datetime, int]:
            entered_at, priority = self.waiting[id]
            return (entered_at - timedelta(seconds=HEAD_START[priority]), id)

        return sorted(self.waiting, key=rank)

    def match(self) -> list[int]:
        taken = self.order()[: max(CAPACITY - len(self.offered) - len(self.owned), 0)]
        for id in taken:
            self.offered[id] = self.waiting.pop(id)
        return taken


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_the_queue_behaves_as_its_model(services: TestServices, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    await services.pool.execute("truncate waiting, offer, assignment, sla_timer cascade")
    await services.pool.execute("update conversation set state = 'resolved', owner_id = null")
    await services.pool.execute("delete from presence_lease")
    salma = await make_viewer(services.pool, presence=Presence.ONLINE, capacity=CAPACITY)
    model = Model()
    for number, step in enumerate([*steps, ("match",)]):
        await take(services, salma, model, step, number)
        rows = await services.pool.fetch("select conversation_id from waiting order by rank, conversation_id")
        assert [each["conversation_id"] for each in rows] == model.order()
        assert {each["conversation_id"] for each in await pending(services.pool)} == model.offered.keys()
        owned = await services.pool.fetch("select id from conversation where owner_id = $1", salma.user_id)
        assert {each["id"] for each in owned} == model.owned
        assert len(model.offered) + len(model.owned) <= CAPACITY


async def take(services: TestServices, salma: Viewer, model: Model, step: tuple, number: int) -> None:  # type: ignore[type-arg]
    match step:
        case ("arrive", age, priority):
            conversation = await arrive(services, at=ago(seconds=age), priority=priority)
            assert conversation.waiting_since is not None
            model.waiting[conversation.id] = (conversation.waiting_since, priority)
        case ("match",):
            before = {each["id"] for each in await pending(services.pool)}
            await assign.match(services)
            made = [each["conversation_id"] for each in await pending(services.pool) if each["id"] not in before]
            assert made == model.match()
        case ("accept",) if model.offered:
            offer = (await pending(services.pool))[0]
            await assign.accept(services, salma, offer["id"])
            del model.offered[offer["conversation_id"]]
            model.owned.add(offer["conversation_id"])
        case ("resolve",) if model.owned:
            id = min(model.owned)
            await lifecycle.resolve(services, salma, id, command_id=f"{salma.user_id}-{number}")
            model.owned.remove(id)
        case ("leave and return",):
            await presence.set_presence(services, salma, Presence.AWAY)
            await presence.set_presence(services, salma, Presence.ONLINE)
            model.waiting |= model.offered
            model.offered = {}
        case ("raise", index) if model.waiting:
            id = sorted(model.waiting)[index % len(model.waiting)]
            entered_at, priority = model.waiting[id]
            higher = list(Priority)[max(list(Priority).index(priority) - 1, 0)]
            async with unit(services) as work:
                raised = Enqueue("financial", higher, (), "raised")
                await queueing.enqueue_many(work, [(await work.lock(id), raised)])
            model.waiting[id] = (entered_at, higher)
