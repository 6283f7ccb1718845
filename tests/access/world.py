"""Two sectors, full of things that must stay inside: every text, name and number of them can be recognised."""

import itertools
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from factories import Customer, make_conversation, make_customer, make_message, make_viewer
from live_server import LiveServer

from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import Author, Channel, ConversationState, MessageStatus, Presence, Role
from server.store.pool import Pool

OWN, FOREIGN = "hospitality", "financial"
# In every text and name of the foreign sector; and of colleagues' conversations in the reader's own.
MARK, THEIRS = "finmark", "ownmark"
# Where the ids of the foreign sector begin, far from every other number.
FOREIGN_IDS = {"conversation": 77_000_001, "message": 88_000_001, "offer": 99_000_001, "user": 66_000_001,
               "attachment": 55_000_001}  # fmt: skip
_KINDS = {
    "advisor": (Role.ADVISOR, True), "supervisor": (Role.SUPERVISOR, True), "administrator": (Role.ADMINISTRATOR, True),
    "owner who reads": (Role.OWNER, True), "owner": (Role.OWNER, False),
}  # fmt: skip
_numbers = itertools.count(1)


class Target(msgspec.Struct, frozen=True):
    """The ids a route or socket event is asked with."""

    c: int
    m: int
    o: int
    # A file that came with the customer's message.
    a: int
    # The customer, the address the conversation answers to (with a picture), and a merge into the customer.
    p: int
    i: int
    g: int


class World(msgspec.Struct):
    pool: Pool
    reader: Viewer
    colleague: Viewer
    another: Viewer
    # Of the foreign sector, each with a right to see what is there.
    insider: Viewer
    overseer: Viewer
    foreign: Target
    shared: Target
    known: Target

    async def target(self, name: str) -> Target:
        """What is not foreign is made anew for each question: the one before may have moved it."""
        if name == "foreign":
            return self.foreign
        if name in ("shared", "known"):
            return self.shared if name == "shared" else self.known
        holds = name == "mine" and _holds(self.reader)
        return await _talk(self.pool, OWN, self.reader if holds else self.colleague, "" if holds else THEIRS)


async def reader_of(pool: Pool, role: str, sectors: tuple[str, ...] = (OWN,)) -> Viewer:
    kind, reads = _KINDS[role]
    return await make_viewer(pool, "Rania Reader", role=kind, sectors=sectors, reads_messages=reads, capacity=50)


async def make_world(server: LiveServer, role: str) -> World:
    """Ids of the foreign sector begin at `FOREIGN_IDS`; the reader's own go on from one."""
    pool = server.pool
    with tempfile.TemporaryDirectory() as folder:
        for mark in ("", MARK, THEIRS):
            (path := Path(folder) / "file").write_bytes(_written(mark))
            await server.services.files.put(_key(mark), path)
    reader = await reader_of(pool, role)
    colleague = await make_viewer(pool, "Karim Colleague", sectors=(OWN,), presence=Presence.ONLINE, capacity=50)
    another = await make_viewer(pool, "Amal Another", sectors=(OWN,), presence=Presence.ONLINE)
    both = await make_customer(pool, "Omar Haddad", channel=Channel.INSTAGRAM)
    holder = reader if _holds(reader) else colleague
    known = await _talk(pool, OWN, holder, "", customer=both, channel=Channel.INSTAGRAM)
    before = {table: await pool.fetchval(f"""select last_value from "{table}_id_seq" """) for table in FOREIGN_IDS}
    await _begin_ids(pool, FOREIGN_IDS)
    insider = await make_viewer(pool, f"zz {MARK} advisor", email=f"zz.{MARK}@majlis.example", presence=Presence.ONLINE,
                                capacity=50)  # fmt: skip
    overseer = await make_viewer(pool, f"zz {MARK} supervisor", role=Role.SUPERVISOR)
    foreign = await _talk(pool, FOREIGN, insider, MARK)
    investor = await _identity(pool, both.contact_id)
    shared = await _talk(pool, FOREIGN, insider, MARK, customer=investor)
    # The person is known to both; what only the foreign sector knows of them is not.
    shared = msgspec.structs.replace(shared, p=foreign.p)
    for state in (ConversationState.QUEUED, ConversationState.RESOLVED):
        await _talk(pool, FOREIGN, insider, MARK, state=state)
    await _quarantine(pool)
    await _begin_ids(pool, {table: last + 1 for table, last in before.items()})
    return World(pool, reader, colleague, another, insider, overseer, foreign, shared, known)


def _holds(reader: Viewer) -> bool:
    return reader.role in (Role.ADVISOR, Role.SUPERVISOR)


def leaked(text: str, *, asked: str = "", theirs: bool = False) -> list[str]:
    """What of the foreign sector is in the text, but for what the question itself said.

    `theirs`: colleagues' conversations must not show either.
    """
    text = text.replace(asked, "") if asked else text
    found = [mark for mark in (MARK, THEIRS) if mark in text.casefold() and (theirs or mark is MARK)]
    # Twenty of each are more than there are.
    ids = (str(first + n) for table, first in FOREIGN_IDS.items() for n in range(20))
    return found + [id for id in ids if id in text and id not in asked]


async def _talk(
    pool: Pool, sector: str, owner: Viewer, mark: str, *, customer: Customer | None = None,
    channel: Channel = Channel.WHATSAPP, state: ConversationState = ConversationState.ASSIGNED,
) -> Target:  # fmt: skip
    """A conversation with everything a conversation can have, each part carrying the mark."""
    customer = customer or await make_customer(pool, f"Omar {mark}", channel=channel)
    held = state is ConversationState.ASSIGNED
    made = await make_conversation(
        pool, sector=sector, owner=owner if held else None, customer=customer, channel=channel, state=state,
        text=f"{mark} my account is overdrawn",
    )  # fmt: skip
    failed = await make_message(
        pool, made.id, text=f"{mark} an answer", author=Author.ADVISOR, author_id=owner.user_id,
        status=MessageStatus.FAILED, body={"kind": "text", "text": f"{mark} an answer"},
    )  # fmt: skip
    await pool.execute(
        "with said as (update message set edited_at = now() where id = $1 returning id, edited_at)"
        " insert into message_edit (message_id, edited_at, text) select id, edited_at, $2 from said",
        made.last_message_id, f"{mark} before the edit",
    )  # fmt: skip
    await pool.execute(
        "insert into referral (message_id, conversation_id, sector_id, source, source_id, headline, body, at)"
        " select last_message_id, id, sector_id, 'ad', $2, $2, jsonb_build_object('ref', $2::text), now()"
        " from conversation where id = $1",
        made.id, f"{mark} headline",
    )  # fmt: skip
    await pool.execute(
        "insert into note (conversation_id, sector_id, author_id, text) values ($1, $2, $3, $4)",
        made.id, sector, owner.user_id, f"{mark} note",
    )  # fmt: skip
    await pool.execute(
        "insert into draft (user_id, conversation_id, text) values ($1, $2, $3)",
        owner.user_id, made.id, f"{mark} draft",
    )  # fmt: skip
    await pool.execute(
        "insert into contact_label (contact_id, sector_id, label) values ($1, $2, $3) on conflict do nothing",
        customer.contact_id, sector, f"{mark} label",
    )  # fmt: skip
    for version, (kind, data) in enumerate(_facts(mark, owner, made.last_message_id or 0), 1):
        await pool.execute(
            "insert into event (stream, version, kind, actor, sector_id, conversation_id, user_id, data)"
            " values ('conversation:' || $1::bigint, $2, $3, $4, $5, $1, $6, $7)",
            made.id, version, kind, owner.actor, sector, owner.user_id, data,
        )  # fmt: skip
    await pool.execute("update conversation set version = 3 where id = $1", made.id)
    return Target(
        made.id, failed, await _offer(pool, sector, owner, mark), await _file(pool, made.id, mark),
        customer.contact_id, customer.identity_id, await _merge(pool, made, owner, mark),
    )  # fmt: skip


async def _merge(pool: Pool, made: Conversation, owner: Viewer, mark: str) -> int:
    """Somebody whose conversation became the customer's; and a picture of the customer."""
    gone = await make_customer(pool, f"Omar again {mark}")
    old = await make_conversation(
        pool, sector=made.sector_id, state=ConversationState.RESOLVED, text=f"{mark} long ago",
        customer=Customer(made.contact_id, gone.identity_id, gone.value),
    )  # fmt: skip
    await pool.execute(
        "insert into assignment (conversation_id, sector_id, advisor_id, assigned_at, ended_at)"
        " values ($1, $2, $3, now(), now())",
        old.id, made.sector_id, owner.user_id,
    )  # fmt: skip
    await pool.execute("update identity set contact_id = $2 where id = $1", gone.identity_id, made.contact_id)
    await pool.execute("update contact set merged_into = $2 where id = $1", gone.contact_id, made.contact_id)
    await pool.execute(
        "insert into profile (identity_id, picture_key, picture_type) values ($1, $2, 'image/webp')"
        " on conflict (identity_id) do nothing",
        made.identity_id, _key(mark),
    )  # fmt: skip
    moved = {"identities": [gone.identity_id], "conversations": [old.id], "kept_conversations": [made.id]}
    merge: int = await pool.fetchval(
        "insert into contact_merge (kept_id, gone_id, by, moved) values ($1, $2, 'evidence', $3) returning id",
        made.contact_id, gone.contact_id, moved,
    )  # fmt: skip
    return merge


def _facts(mark: str, owner: Viewer, message_id: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("MessageReceived", {"message_id": message_id}),
        ("HandedOff", {"reason": f"{mark} reason", "summary": f"{mark} summary"}),
        ("ConversationAssigned", {"advisor_id": owner.user_id, "reason": f"{mark} accepted"}),
    ]


async def _offer(pool: Pool, sector: str, advisor: Viewer, mark: str) -> int:
    offered = await make_conversation(
        pool, sector=sector, state=ConversationState.OFFERED, text=f"{mark} offered words",
        customer=await make_customer(pool, f"Hana {mark}"),
    )  # fmt: skip
    offer: int = await pool.fetchval(
        "insert into offer (conversation_id, sector_id, queue_id, advisor_id, priority, entered_at, offered_at,"
        " expires_at) select id, sector_id, queue_id, $2, 'high', now(), now(), now() + interval '1 hour'"
        " from conversation where id = $1 returning id",
        offered.id, advisor.user_id,
    )  # fmt: skip
    return offer


async def _file(pool: Pool, conversation_id: int, mark: str) -> int:
    """What is in it carries the mark too: see `make_world`."""
    file: int = await pool.fetchval(
        "insert into attachment (conversation_id, sector_id, inbox_id, message_id, kind, state, mime_type, name,"
        " storage_key, thumbnail_key, size, digest)"
        " select conversation_id, sector_id, inbox_id, id, 'document', 'stored', 'text/plain', $2, $3, $3, $4, 'x'"
        " from message where conversation_id = $1 and direction = 'inbound' limit 1 returning id",
        conversation_id, f"{mark} statement.txt", _key(mark), len(_written(mark)),
    )  # fmt: skip
    return file


def _key(mark: str) -> str:
    return f"00/{mark or 'plain'}"


def _written(mark: str) -> bytes:
    return f"{mark} written in a file".encode()


async def _identity(pool: Pool, contact_id: int) -> Customer:
    """How the same person is known in the foreign sector only."""
    value = f"9988{next(_numbers):06d}"
    identity_id: int = await pool.fetchval(
        "insert into identity (contact_id, kind, scope, value, name, username)"
        " values ($1, 'phone', '', $2, $3, $4) returning id",
        contact_id, value, f"Omar {MARK}", f"{MARK}.investor",
    )  # fmt: skip
    return Customer(contact_id, identity_id, value)


async def _quarantine(pool: Pool) -> None:
    await pool.execute(
        "insert into quarantine (received_at, app_id, sector_id, inbox_id, path, reason, detail, body)"
        " values (now(), 'default', 'financial', 'financial-whatsapp', 'entry[0]', 'unknown_kind', $2, $1),"
        " (now(), 'default', null, null, 'entry[0]', 'unknown_account', $2, $1)",
        f"{MARK} quarantined".encode(), f"{MARK} detail",
    )  # fmt: skip


async def _begin_ids(pool: Pool, first: dict[str, int]) -> None:
    for table, number in first.items():
        await pool.execute(f"""alter sequence "{table}_id_seq" restart with {number}""")
