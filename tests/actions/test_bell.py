"""Loops wake at once in their own process and in the others, also after the database came back."""

import asyncio

import asyncpg
from work_scenes import eventually

from server.actions.unit import Topic
from server.workers.bell import Bell


async def ready(bell: Bell, topic: Topic) -> None:
    """Takes away what start-up rang."""
    while await bell.wait(topic, 0.05):
        pass


async def test_a_wake_while_nobody_waits_is_kept_for_the_next_wait() -> None:
    bell = Bell()
    await ready(bell, Topic.OUTBOX)

    bell.wake(Topic.OUTBOX)

    assert await bell.wait(Topic.OUTBOX, 5)
    assert not await bell.wait(Topic.OUTBOX, 0.01)


async def test_every_listener_of_a_topic_hears_each_wake() -> None:
    bell = Bell()
    for listener in ("matcher", "board"):
        await bell.wait(Topic.WAITING, 0, listener)

    bell.wake(Topic.WAITING)

    assert await bell.wait(Topic.WAITING, 0.01, "matcher")
    assert await bell.wait(Topic.WAITING, 0.01, "board")
    assert not await bell.wait(Topic.WAITING, 0.01, "board")


async def test_another_process_hears_the_topic_and_only_that(database: str) -> None:
    async with Bell(database) as ours, Bell(database) as theirs:
        await ready(theirs, Topic.TIMERS)
        await ready(theirs, Topic.JOURNAL)

        ours.wake(Topic.TIMERS)

        assert await theirs.wait(Topic.TIMERS, 5)
        assert not await theirs.wait(Topic.JOURNAL, 0.05)


async def test_a_thousand_wakes_become_few_notices(database: str) -> None:
    heard: list[str] = []
    listener = await asyncpg.connect(database)
    await listener.add_listener("majlis_outbox", lambda *arguments: heard.append(arguments[3]))
    async with Bell(database) as bell:
        for _ in range(100):
            for _ in range(10):
                bell.wake(Topic.OUTBOX)
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.1)
    await listener.close()

    assert 1 <= len(heard) <= 20


async def test_stopping_sends_what_was_just_rung(database: str) -> None:
    async with Bell(database) as theirs:
        await ready(theirs, Topic.ORGANISATION)
        async with Bell(database) as ours:
            ours.wake(Topic.ORGANISATION)
        assert await theirs.wait(Topic.ORGANISATION, 5)


async def test_after_a_lost_connection_everything_is_looked_at_again_and_hearing_resumes(database: str) -> None:
    async with Bell(database) as ours, Bell(database) as theirs:
        await ready(theirs, Topic.WAITING)
        await cut_every_connection(database)

        # Whatever was missed meanwhile: the loops look by themselves.
        assert await theirs.wait(Topic.WAITING, 5)
        await eventually(lambda: ours._listening.is_set() and theirs._listening.is_set())
        await ready(theirs, Topic.WAITING)
        ours.wake(Topic.WAITING)
        assert await theirs.wait(Topic.WAITING, 5)


async def test_a_database_that_is_away_keeps_nobody_from_starting() -> None:
    bell = Bell("postgresql://app@/app?host=/nowhere")
    await bell.start()
    await ready(bell, Topic.OUTBOX)
    bell.wake(Topic.OUTBOX)
    assert await bell.wait(Topic.OUTBOX, 1)
    await bell.stop()


async def cut_every_connection(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    await connection.close()
