"""`majlis apply`: the database says what the folder says, and only what changed is touched."""

import asyncio
import shutil
from pathlib import Path

import msgspec
import pytest
from conftest import TestServices

from server.actions import presence
from server.actions.organisation import apply, apply_organisation
from server.actions.organisation_folder import read
from server.actions.unit import Topic, unit
from server.domain.errors import OrganisationError, Unavailable
from server.domain.model import Channel, Presence
from server.domain.organisation import Organisation
from server.paths import DEMO_ORGANISATION
from server.store import advisors
from server.store import organisation as store
from server.store.pool import Pool, open_pool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo to change."""
    return Path(shutil.copytree(DEMO_ORGANISATION, tmp_path / "organisation"))


@pytest.fixture
async def demo(pool: Pool) -> Organisation:
    await apply(pool, DEMO_ORGANISATION)
    return await _loaded(pool)


class Waker:
    def __init__(self) -> None:
        self.topics: set[Topic] = set()

    def wake(self, topic: Topic) -> None:
        self.topics.add(topic)


async def _loaded(pool: Pool) -> Organisation:
    async with pool.acquire() as connection:
        return await store.load(connection)


def _rewrite(folder: Path, old: str, new: str, file: str = "org.toml") -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


async def test_the_loaded_organisation_is_what_the_folder_says(pool: Pool, demo: Organisation) -> None:
    assert msgspec.structs.replace(demo, version=0) == read(DEMO_ORGANISATION)
    assert demo.version > 0
    assert {each.channel for each in demo.inboxes.values() if each.sector == "financial"} == set(Channel)


async def test_a_second_apply_changes_nothing_and_wakes_nobody(pool: Pool, demo: Organisation) -> None:
    waker = Waker()
    assert await apply(pool, DEMO_ORGANISATION, waker=waker) == []
    assert waker.topics == set()
    assert (await _loaded(pool)).version == demo.version


async def test_of_two_applies_at_once_one_writes(pool: Pool, demo: Organisation, folder: Path) -> None:
    _rewrite(folder, "offer_seconds = 30", "offer_seconds = 40")
    both = await asyncio.gather(apply(pool, folder), apply(pool, folder))
    assert sorted(map(len, both)) == [0, 1]
    assert (await _loaded(pool)).version == demo.version + 1


async def test_a_wrong_folder_changes_nothing(pool: Pool, demo: Organisation, folder: Path) -> None:
    _rewrite(folder, 'queue = "portfolios"', 'queue = "portfolio"')
    with pytest.raises(OrganisationError, match="there is no queue 'portfolio'"):
        await apply(pool, folder)
    assert (await _loaded(pool)).version == demo.version


async def test_a_database_that_is_away_is_said_so(database: str, demo: Organisation) -> None:
    pool = await open_pool(database, size=1)
    await pool.close()
    with pytest.raises(Unavailable):
        await apply(pool, DEMO_ORGANISATION)


async def test_the_difference_is_readable_and_the_version_moves(pool: Pool, demo: Organisation, folder: Path) -> None:
    waker = Waker()
    _rewrite(folder, "offer_seconds = 30", "offer_seconds = 40")
    _rewrite(folder, 'name = "Omar Farouk"', 'name = "Omar Al-Farouk"')
    lines = await apply(pool, folder, waker=waker)
    assert lines == [
        "~ queue financial: offer_seconds 30 → 40",
        "~ user omar.farouk@example.com: name Omar Farouk → Omar Al-Farouk",
    ]
    after = await _loaded(pool)
    assert (after.version, after.queues["financial"].offer_seconds) == (demo.version + 1, 40)
    assert Topic.ORGANISATION in waker.topics


async def test_what_left_the_folder_is_inactive_and_returns_with_its_token(
    pool: Pool, demo: Organisation, folder: Path
) -> None:
    await pool.execute("update inbox set token = 'sealed' where id = 'education-messenger'")
    smaller = msgspec.structs.replace(
        demo, inboxes={name: each for name, each in demo.inboxes.items() if name != "education-messenger"}
    )
    assert await apply_organisation(pool, smaller) == ["- inbox education-messenger"]
    assert "education-messenger" not in (await _loaded(pool)).inboxes
    assert not await pool.fetchval("select active from inbox where id = 'education-messenger'")
    assert await apply(pool, DEMO_ORGANISATION) == ["+ inbox education-messenger"]
    assert await pool.fetchval("select token from inbox where id = 'education-messenger' and active") == b"sealed"


async def test_somebody_who_left_loses_sessions_and_links(pool: Pool, demo: Organisation) -> None:
    sophie = await pool.fetchval("select id from \"user\" where email = 'sophie.bennett@example.com'")
    await pool.execute(
        "insert into session (token_hash, user_id, csrf_token, expires_at) values ('x', $1, 'c', now())", sophie
    )
    await pool.execute("insert into sign_in_link (token_hash, user_id, expires_at) values ('y', $1, now())", sophie)
    users = {email: each for email, each in demo.users.items() if email != "sophie.bennett@example.com"}
    assert await apply_organisation(pool, msgspec.structs.replace(demo, users=users)) == [
        "- user sophie.bennett@example.com"
    ]
    assert not await pool.fetchval('select active from "user" where id = $1', sophie)
    assert await pool.fetchval("select count(*) from session where user_id = $1", sophie) == 0
    assert await pool.fetchval("select count(*) from sign_in_link where user_id = $1", sophie) == 0
    assert await pool.fetchval("select kind from event where stream = $1", f"user:{sophie}") == "UserDeactivated"
    await apply(pool, DEMO_ORGANISATION)
    assert await pool.fetchval('select active from "user" where id = $1', sophie)


async def test_people_added_or_deactivated_by_command_stay_as_they_are(pool: Pool, demo: Organisation) -> None:
    await pool.execute("""insert into "user" (email, name, role) values ('mona@example.com', 'Mona', 'advisor')""")
    await pool.execute("update \"user\" set active = false where email = 'omar.farouk@example.com'")
    omar = msgspec.structs.replace(demo.users["omar.farouk@example.com"], capacity=2)
    changed = msgspec.structs.replace(demo, users=demo.users | {omar.email: omar})
    assert await apply_organisation(pool, changed) == ["~ user omar.farouk@example.com: capacity 4 → 2"]
    rows = await pool.fetch('select email from "user" where not active')
    assert [row["email"] for row in rows] == ["omar.farouk@example.com"]


async def test_sectors_skills_and_capacity_follow_the_folder(pool: Pool, demo: Organisation) -> None:
    email = "layla.haddad@example.com"
    sectors = ("financial", "education")
    layla = msgspec.structs.replace(demo.users[email], sectors=sectors, skills=("arabic",), capacity=7)
    await apply_organisation(pool, msgspec.structs.replace(demo, users=demo.users | {email: layla}))
    row = await pool.fetchrow(
        """select capacity,
               array(select sector_id from user_sector where user_id = u.id order by 1) as sectors,
               array(select skill_id from user_skill where user_id = u.id order by 1) as skills
           from "user" u join advisor on user_id = u.id where email = $1""",
        email,
    )
    assert row is not None
    assert dict(row) == {"capacity": 7, "sectors": ["education", "financial"], "skills": ["arabic"]}


async def test_a_language_a_person_chose_is_kept(pool: Pool, demo: Organisation) -> None:
    await pool.execute("update \"user\" set language = 'ar' where email = 'layla.haddad@example.com'")
    layla = msgspec.structs.replace(demo.users["layla.haddad@example.com"], capacity=5)
    await apply_organisation(pool, msgspec.structs.replace(demo, users=demo.users | {layla.email: layla}))
    assert await pool.fetchval("select language from \"user\" where email = 'layla.haddad@example.com'") == "ar"


async def test_supervisors_are_never_offered_work_and_owners_read_no_messages(pool: Pool, demo: Organisation) -> None:
    rows = await pool.fetch('select role, capacity, reads_messages from "user" left join advisor on user_id = id')
    assert {row["capacity"] for row in rows if row["role"] == "supervisor"} == {0}
    assert {row["capacity"] for row in rows if row["role"] in ("administrator", "owner")} == {None}
    assert {row["role"] for row in rows if not row["reads_messages"]} == {"owner"}


async def test_an_account_moves_to_another_id_only_when_it_is_said_clearly(pool: Pool, demo: Organisation) -> None:
    inboxes = dict(demo.inboxes)
    moved = msgspec.structs.replace(inboxes.pop("financial-whatsapp"), id="desk-whatsapp")
    with pytest.raises(OrganisationError, match="use its id again"):
        await apply_organisation(pool, msgspec.structs.replace(demo, inboxes=inboxes | {moved.id: moved}))
    assert (await _loaded(pool)).version == demo.version


async def test_waiting_conversations_follow_a_new_head_start(pool: Pool, demo: Organisation, folder: Path) -> None:
    await _someone_waits(pool, "financial")
    _rewrite(folder, "high = 1200, normal = 300", "high = 1200, normal = 200")
    await apply(pool, folder)
    assert await pool.fetchval("select extract(epoch from entered_at - rank)::int from waiting") == 200


async def test_a_queue_somebody_waits_in_cannot_leave(pool: Pool, demo: Organisation) -> None:
    await _someone_waits(pool, "portfolios")
    queues = {name: each for name, each in demo.queues.items() if name != "portfolios"}
    with pytest.raises(OrganisationError, match=r"portfolios \(1 waiting\)"):
        await apply_organisation(pool, msgspec.structs.replace(demo, queues=queues))


async def test_bots_cannot_be_taken_from_a_sector_where_they_talk(pool: Pool, demo: Organisation) -> None:
    await _opened(pool, "hospitality", state="bot")
    quiet = msgspec.structs.replace(demo.sectors["hospitality"], bots=False, flow=None)
    with pytest.raises(OrganisationError, match="bots have talked"):
        await apply_organisation(pool, msgspec.structs.replace(demo, sectors=demo.sectors | {"hospitality": quiet}))


async def _opened(pool: Pool, sector: str, *, state: str) -> int:
    contact = await pool.fetchval("insert into contact (name) values ('Mariam') returning id")
    identity = await pool.fetchval(
        "insert into identity (contact_id, kind, scope, value) values ($1, 'phone', '', '966500000001') returning id",
        contact,
    )
    conversation: int = await pool.fetchval(
        """insert into conversation
               (sector_id, bots, inbox_id, contact_id, identity_id, state, opened_at, last_message_at)
           select id, bots, id || '-whatsapp', $1, $2, $3, now(), now() from sector where id = $4 returning id""",
        contact, identity, state, sector,
    )  # fmt: skip
    return conversation


async def _someone_waits(pool: Pool, queue: str) -> None:
    await pool.execute(
        """insert into waiting (conversation_id, sector_id, queue_id, priority, rank, entered_at)
           values ($1, 'financial', $2, 'normal', now(), now())""",
        await _opened(pool, "financial", state="queued"), queue,
    )  # fmt: skip


async def test_people_and_their_presence_may_change_at_once(
    pool: Pool, demo: Organisation, services: TestServices
) -> None:
    """Each locks the person's advisor row first: neither waits for the other in a circle."""
    email = "layla.haddad@example.com"
    user_id = await pool.fetchval('select id from "user" where email = $1', email)
    changed = msgspec.structs.replace(demo.users[email], capacity=9)
    wanted = msgspec.structs.replace(demo, users=demo.users | {email: changed})
    async with unit(services) as work:
        [who] = (await advisors.lock(work.connection, [user_id])).values()
        applying = asyncio.create_task(apply_organisation(pool, wanted))
        waits = "select exists (select from pg_locks where not granted)"
        async with asyncio.timeout(30):
            while not await pool.fetchval(waits):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await presence.change(work, who, Presence.AWAY, None)
    assert len(await applying) == 1
    assert await pool.fetchval("select (presence, capacity) from advisor where user_id = $1", user_id) == ("away", 9)
