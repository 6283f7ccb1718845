"""The usual stack: FastAPI, pydantic models, SQLAlchemy's ORM on asyncpg, one session for each webhook.

It stores the same rows as `naive`, through mapped classes reflected from the same tables.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.ext.automap import automap_base

from benchmarks import payloads
from benchmarks.sides.common import DSN, serve
from server.channels import signature

SECRETS = {"default": (payloads.SECRET,)}
EVENTS = (
    "ConversationOpened", "MessageReceived", "MessageQueued", "Acknowledged", "ConversationQueued", "SlaStarted",
    "SlaStarted",
)  # fmt: skip


class Body(BaseModel):
    body: str


class Profile(BaseModel):
    name: str


class ContactIn(BaseModel):
    profile: Profile
    wa_id: str | None = None
    user_id: str | None = None


class MessageIn(BaseModel):
    id: str
    timestamp: int
    type: str
    from_user_id: str
    text: Body
    model_config = {"extra": "allow"}


class Metadata(BaseModel):
    phone_number_id: str


class Value(BaseModel):
    metadata: Metadata
    contacts: list[ContactIn]
    messages: list[MessageIn]


class Change(BaseModel):
    field: str
    value: Value


class Entry(BaseModel):
    id: str
    changes: list[Change]


class Delivery(BaseModel):
    object: str
    entry: list[Entry]


state: dict[str, Any] = {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(_url(DSN), pool_size=10)
    base: Any = automap_base()
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: base.prepare(autoload_with=sync))
    state.update(base=base.classes, sessions=async_sessionmaker(engine, expire_on_commit=False))
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/webhooks/meta")
async def deliver(request: Request) -> dict[str, str]:
    body = await request.body()
    if not signature.verify(body, request.headers.get("x-hub-signature-256"), SECRETS):
        raise HTTPException(403)
    delivery = Delivery.model_validate_json(body)
    for entry in delivery.entry:
        for change in entry.changes:
            for message in change.value.messages:
                async with state["sessions"]() as session, session.begin():
                    await store(session, change.value, message)
    return {"status": "ok"}


async def store(session: AsyncSession, value: Value, message: MessageIn) -> None:
    t = state["base"]
    inbox = (
        await session.execute(
            select(t.inbox).where(t.inbox.channel == "whatsapp", t.inbox.external_id == value.metadata.phone_number_id)
        )
    ).scalar_one()
    if await session.get(t.inbound_key, (inbox.id, message.id)):
        return
    session.add(t.inbound_key(inbox_id=inbox.id, key=message.id))
    at = datetime.fromtimestamp(message.timestamp, UTC)
    sender = value.contacts[0]
    contact = t.contact(name=sender.profile.name, language="en")
    session.add(contact)
    await session.flush()
    identity = None
    for kind, scope, known in (
        ("whatsapp_user", inbox.definition.get("portfolio_id") or "", sender.user_id),
        ("phone", "", sender.wa_id),
    ):
        query = select(t.identity).where(t.identity.kind == kind, t.identity.scope == scope, t.identity.value == known)
        identity = (await session.execute(query)).scalar_one_or_none()
        if identity is None:
            identity = t.identity(contact_id=contact.id, kind=kind, scope=scope, value=known, name=contact.name)
            session.add(identity)
            await session.flush()
    queue = (await session.execute(select(t.queue).where(t.queue.sector_id == inbox.sector_id))).scalars().first()
    conversation = t.conversation(
        sector_id=inbox.sector_id, bots=False, inbox_id=inbox.id, contact_id=contact.id, identity_id=identity.id,
        state="queued", queue_id=queue.id, opened_at=at, waiting_since=at, last_inbound_at=at, last_message_at=at,
        unread=1, version=7, outbox_seq=1,
    )  # fmt: skip
    session.add(conversation)
    await session.flush()
    place = {"conversation_id": conversation.id, "sector_id": inbox.sector_id}
    session.add(
        t.message(**place, inbox_id=inbox.id, direction="inbound", author="customer", kind="text",
                  text=message.text.body, provider_id=message.id, provider_at=at)
    )  # fmt: skip
    answer = t.message(
        **place, inbox_id=inbox.id, direction="outbound", author="system", kind="text", status="queued",
        text="Thank you. An advisor answers.", provider_at=at,
    )  # fmt: skip
    session.add(answer)
    await session.flush()
    conversation.last_message_id = answer.id
    session.add(
        t.outbox(**place, bots=False, inbox_id=inbox.id, message_id=answer.id, seq=1, purpose="acknowledgement",
                 opening=1, recipient={"kind": "phone", "value": sender.wa_id}, payload={"kind": "text"})
    )  # fmt: skip
    session.add(
        t.waiting(**place, queue_id=queue.id, priority="normal", rank=at - timedelta(seconds=300), entered_at=at)
    )
    policy = (await session.execute(select(t.sla_policy))).scalars().first()
    for target, seconds in (("first_response", 300), ("resolution", 86_400)):
        due = at + timedelta(seconds=seconds)
        session.add(
            t.sla_timer(**place, policy_id=policy.id, target=target, state="running", priority="normal",
                        target_seconds=seconds, started_at=at, due_at=due, warn_at=due)
        )  # fmt: skip
    for version, kind in enumerate(EVENTS, 1):
        stream, data = f"conversation:{conversation.id}", {"message_id": answer.id}
        session.add(t.event(**place, stream=stream, version=version, kind=kind, actor="customer", data=data))
    # Written together when the session commits, as its unit of work likes to.


def _url(dsn: str) -> str:
    """The embedded server's socket folder, said SQLAlchemy's way."""
    return dsn.replace("postgresql://", "postgresql+asyncpg://", 1)


if __name__ == "__main__":
    serve(app)
