"""What a careful beginner writes: a Litestar handler, one transaction for each webhook, row by row.

It stores the rows the product stores for a first message to the investment desk: contact, identities, conversation,
message, acknowledgement with its outbox row, waiting, two SLA timers, key and seven events.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from litestar import Litestar, Request, post
from litestar.datastructures import State

from benchmarks import payloads
from benchmarks.sides.common import DSN, serve
from server.channels import signature

SECRETS = {"default": (payloads.SECRET,)}
EVENTS = (
    "ConversationOpened", "MessageReceived", "MessageQueued", "Acknowledged", "ConversationQueued", "SlaStarted",
    "SlaStarted",
)  # fmt: skip


@post("/webhooks/meta", status_code=200)
async def deliver(request: Request[Any, Any, Any], state: State) -> None:
    body = await request.body()
    if not signature.verify(body, request.headers.get("x-hub-signature-256"), SECRETS):
        return
    for entry in json.loads(body)["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            for message in value["messages"]:
                async with state.pool.acquire() as connection, connection.transaction():
                    await store(connection, value, message)


async def store(connection: asyncpg.Connection, value: dict[str, Any], message: dict[str, Any]) -> None:
    one = connection.fetchrow
    inbox = await one(
        "select i.id, i.sector_id, i.definition->>'portfolio_id' as portfolio from inbox i "
        "where channel = 'whatsapp' and external_id = $1",
        value["metadata"]["phone_number_id"],
    )
    if await one("select from inbound_key where inbox_id = $1 and key = $2", inbox["id"], message["id"]):
        return
    await connection.execute("insert into inbound_key (inbox_id, key) values ($1, $2)", inbox["id"], message["id"])
    name = value["contacts"][0]["profile"]["name"]
    at = datetime.fromtimestamp(int(message["timestamp"]), UTC)
    contact = await one("insert into contact (name, language) values ($1, 'en') returning id", name)
    identity = None
    for kind, scope, known in (
        ("whatsapp_user", inbox["portfolio"] or "", message["from_user_id"]),
        ("phone", "", message["from"]),
    ):
        found = await one("select id from identity where kind = $1 and scope = $2 and value = $3", kind, scope, known)
        identity = found or await one(
            "insert into identity (contact_id, kind, scope, value, name) values ($1, $2, $3, $4, $5) returning id",
            contact["id"], kind, scope, known, name,
        )  # fmt: skip
    queue = await one("select id from queue where sector_id = $1 limit 1", inbox["sector_id"])
    conversation = await one(
        "insert into conversation (sector_id, bots, inbox_id, contact_id, identity_id, state, queue_id, opened_at, "
        "waiting_since, last_inbound_at, last_message_at, unread, version) "
        "values ($1, false, $2, $3, $4, 'queued', $5, $6, $6, $6, $6, 1, 7) returning id",
        inbox["sector_id"], inbox["id"], contact["id"], identity["id"], queue["id"], at,
    )  # fmt: skip
    add_message = (
        "insert into message (conversation_id, sector_id, inbox_id, direction, author, kind, text, provider_id, "
        "provider_at, status) values ($1, $2, $3, $4, $5, 'text', $6, $7, $8, $9) returning id"
    )
    place = (conversation["id"], inbox["sector_id"], inbox["id"])
    text = message["text"]["body"]
    await one(add_message, *place, "inbound", "customer", text, message["id"], at, None)
    answer = await one(add_message, *place, "outbound", "system", "Thank you. An advisor answers.", None, at, "queued")
    await connection.execute(
        "update conversation set last_message_id = $2, outbox_seq = 1 where id = $1", conversation["id"], answer["id"]
    )
    await connection.execute(
        "insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient, "
        "payload) values ($1, $2, false, $3, $4, 1, 'acknowledgement', 1, $5, $6)",
        *place, answer["id"], json.dumps({"kind": "phone", "value": message["from"]}), json.dumps({"kind": "text"}),
    )  # fmt: skip
    await connection.execute(
        "insert into waiting (conversation_id, sector_id, queue_id, priority, rank, entered_at) "
        "values ($1, $2, $3, 'normal', $4, $5)",
        conversation["id"], inbox["sector_id"], queue["id"], at - timedelta(seconds=300), at,
    )  # fmt: skip
    policy = await one("select id from sla_policy limit 1")
    for target, seconds in (("first_response", 300), ("resolution", 86_400)):
        await connection.execute(
            "insert into sla_timer (conversation_id, sector_id, policy_id, target, state, priority, target_seconds, "
            "started_at, due_at, warn_at) values ($1, $2, $3, $4, 'running', 'normal', $5, $6, $7, $7)",
            conversation["id"], inbox["sector_id"], policy["id"], target, seconds, at, at + timedelta(seconds=seconds),
        )  # fmt: skip
    data = json.dumps({"message_id": answer["id"]})
    for version, kind in enumerate(EVENTS, 1):
        await connection.execute(
            "insert into event (stream, version, kind, actor, sector_id, conversation_id, data) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            f"conversation:{conversation['id']}", version, kind, "customer", inbox["sector_id"], conversation["id"],
            data,
        )  # fmt: skip


async def open_pool(app: Litestar) -> None:
    app.state.pool = await asyncpg.create_pool(DSN, min_size=10, max_size=10)


if __name__ == "__main__":
    serve(Litestar([deliver], on_startup=[open_pool]))
