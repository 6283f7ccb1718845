"""Messages with files, and what became of them."""

from typing import Any

from conftest import TestServices
from factories import make_conversation, make_message

from server.actions.unit import Services, Topic, unit
from server.domain import inbound
from server.domain.model import Author, Channel
from server.files.keeping import FileStore
from server.store import attachments
from server.store.pool import Pool


async def announce(services: Services, *files: inbound.Attachment, channel: Channel = Channel.WHATSAPP,
                   **more: Any) -> list[int]:  # fmt: skip
    """As intake stores a message with files; their ids."""
    conversation = more.pop("conversation", None) or await make_conversation(services.pool, channel=channel, **more)
    message_id = await make_message(services.pool, conversation.id, text="", kind=files[0].kind)
    async with unit(services) as work:
        rows = [
            attachments.announced(
                each, conversation_id=conversation.id, sector_id=conversation.sector_id,
                inbox_id=conversation.inbox_id, message_id=message_id, place=place,
            )
            for place, each in enumerate(files)
        ]  # fmt: skip
        await work.insert(attachments.add, rows)
        work.wake(Topic.MEDIA)
    found = await services.pool.fetch("select id from attachment where message_id = $1 order by place", message_id)
    return [row["id"] for row in found]


async def by_id(services: Services, media_id: str, kind: Any = "image", **more: Any) -> int:
    given = {"mime_type": "image/png"} | more
    [id] = await announce(services, inbound.Attachment(kind=kind, media_id=media_id, **given))
    return id


async def row(services: Services, attachment_id: int) -> dict[str, Any]:
    return dict(await services.pool.fetchrow("select * from attachment where id = $1", attachment_id) or {})


async def outcome(services: Services, attachment_id: int) -> tuple[str, str | None]:
    found = await row(services, attachment_id)
    return found["state"], found["reason"]


async def bytes_of(files: FileStore, key: str) -> bytes:
    size = await files.size(key)
    assert size is not None, key
    return b"".join([piece async for piece in files.read(key, 0, size)])


async def waiting_seconds(services: Services, attachment_id: int) -> float:
    found: float = await services.pool.fetchval(
        "select extract(epoch from run_at - now())::float8 from attachment where id = $1", attachment_id
    )
    return found


async def make_due(services: Services) -> None:
    await services.pool.execute("update attachment set run_at = now(), lease_expires_at = now() - interval '1 s'")


async def outbound_message(pool: Pool, conversation_id: int) -> int:
    return await make_message(pool, conversation_id, text="", author=Author.ADVISOR, kind="image")


def told(services: TestServices) -> list[str]:
    return [each for each in services.publisher.kinds if each.startswith("Attachment")]
