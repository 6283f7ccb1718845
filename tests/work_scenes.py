"""Customers who wait and organisations with the clocks a test needs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from conftest import RecordingPublisher, RecordingWaker, TestServices
from factories import load_conversation, make_conversation, make_customer

from server.actions import queueing, sla
from server.actions.unit import Services, unit
from server.domain.conversation import Conversation
from server.domain.events import Event
from server.domain.model import ConversationState, Priority, SlaTarget
from server.domain.organisation import Organisation, SlaPolicy, Target
from server.domain.routing import Enqueue
from server.store.pool import Pool, open_pool

T = TypeVar("T")


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


async def arrive(
    services: Services,
    name: str = "Omar Haddad",
    *,
    at: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    queue: str = "financial",
    sector: str = "financial",
    skills: tuple[str, ...] = (),
) -> Conversation:
    """A customer wrote and now waits for a person, as the intake leaves it."""
    customer = await make_customer(services.pool, name)
    made = await make_conversation(
        services.pool, sector=sector, customer=customer, state=ConversationState.QUEUED, at=at, waiting=False
    )
    async with unit(services) as work:
        conversation = await work.lock(made.id)
        await queueing.enqueue_many(work, [(conversation, Enqueue(queue, priority, skills, "opened"))])
    return await load_conversation(services.pool, made.id)


async def write_again(services: Services, conversation_id: int, at: datetime | None = None) -> None:
    """The customer's next message, as far as the clocks are concerned."""
    async with unit(services) as work:
        conversation = await work.lock(conversation_id)
        conversation.last_inbound_at = at or work.now
        conversation.waiting_since = conversation.waiting_since or at or work.now
        await sla.customer_wrote_many(work, [conversation])


async def pending(pool: Pool, advisor_id: int | None = None) -> list[Any]:
    """The pending offers, oldest first."""
    return await pool.fetch(
        "select id, conversation_id, advisor_id, entered_at, expires_at, considered from offer"
        " where state = 'pending' and ($1::bigint is null or advisor_id = $1) order by id",
        advisor_id,
    )  # fmt: skip


async def let_time_pass(pool: Pool, seconds: float) -> None:
    """Moves every offer, presence and lease into the past, as if so much time had gone by."""
    span = timedelta(seconds=seconds)
    await pool.execute(
        "update offer set expires_at = expires_at - $1::interval, decided_at = decided_at - $1::interval", span
    )
    await pool.execute("update presence_lease set expires_at = expires_at - $1::interval", span)
    await pool.execute("update advisor set presence_since = presence_since - $1::interval", span)
    await pool.execute(
        "update assignment set assigned_at = assigned_at - $1::interval, ended_at = ended_at - $1::interval", span
    )


def with_policy(
    services: TestServices,
    *,
    calendar: str | None = None,
    first: int = 600,
    next: int = 900,
    resolution: int | None = None,
    warn_at_share: float = 0.75,
    raise_to: Priority | None = None,
    **more: bool,
) -> TestServices:
    """The same services under a policy of one's own for every sector; urgent targets are a third."""
    targets = {}
    for priority in Priority:
        share = 3 if priority is Priority.URGENT else 1
        targets[priority] = {
            SlaTarget.FIRST_RESPONSE: Target(seconds=first // share, warn_at_share=warn_at_share),
            SlaTarget.NEXT_RESPONSE: Target(seconds=next // share, warn_at_share=warn_at_share),
        }
        if resolution is not None:
            targets[priority][SlaTarget.RESOLUTION] = Target(seconds=resolution // share, warn_at_share=warn_at_share)
    before = services.organisation()
    policies = {
        id: SlaPolicy(id=id, calendar=calendar, targets=targets, raise_priority_on_breach=raise_to, **more)
        for id in before.sla_policies
    }
    return with_organisation(services, msgspec.structs.replace(before, sla_policies=policies))


def with_organisation(services: TestServices, organisation: Organisation) -> TestServices:
    return TestServices(
        pool=services.pool, publisher=services.publisher, waker=services.waker, organisation=lambda: organisation
    )


async def another_process(services: TestServices, database: str) -> TestServices:
    """The same product in another process: its own connections, publisher and waker. Close its pool."""
    return TestServices(
        pool=await open_pool(database), publisher=RecordingPublisher(), waker=RecordingWaker(),
        organisation=services.organisation,
    )  # fmt: skip


async def both(*acts: Awaitable[T]) -> Sequence[T | BaseException]:
    """Runs the acts at the same time and returns what each returned or raised."""
    return await asyncio.gather(*acts, return_exceptions=True)


def of_kind(events: Sequence[Event], kind: str) -> list[Event]:
    return [each for each in events if each.kind == kind]


async def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
