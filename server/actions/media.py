"""Fetches the files messages announced: claim and commit, fetch, record what became of it. Each file by itself.

The call happens between two transactions, never inside one. A fetch repeated after a crash does no harm.
"""

from pathlib import Path

import structlog

from server.actions.tokens import Tokens
from server.actions.unit import Services, unit
from server.channels.graph_media import Announced, GraphMedia
from server.domain import media, sniffing
from server.domain.events import AttachmentFailed, AttachmentStored
from server.domain.media import AttachmentKind, NotTaken, Trouble
from server.files import workshop
from server.files.keeping import KeepingError
from server.files.scratch import Scratch, scratch
from server.store import attachments, uploads
from server.store.attachments import Due, Kept

# Renewed while the fetch goes on: a dead fetcher's files are another's soon.
LEASE_SECONDS = 30.0

_log = structlog.get_logger()


class Fetcher:
    def __init__(self, services: Services, graph: GraphMedia, tokens: Tokens) -> None:
        self._services = services
        self._graph = graph
        self._tokens = tokens

    async def claim(self, most: int) -> list[Due]:
        """At most `most` files, ours until their lease is over; renew it."""
        async with self._services.pool.acquire() as connection:
            return await attachments.claim(connection, most, LEASE_SECONDS)

    async def fetch(self, due: Due) -> None:
        """Raises `Unavailable` when the outcome could not be written down; then the lease lapses."""
        try:
            kept = await self._take(due)
        except NotTaken as error:
            await self._give_up(due, error)
            return
        except Exception as error:
            if not isinstance(error, KeepingError | OSError):
                _log.exception("attachment_broke", attachment=due.id)
            await self._give_up(due, NotTaken(Trouble.NOT_STORED, type(error).__name__))
            return
        await self._record(due, kept)

    async def fetch_due(self, most: int = 16) -> int:
        """One round by itself. Returns how many were due."""
        claimed = await self.claim(most)
        for due in claimed:
            await self.fetch(due)
        return len(claimed)

    async def _take(self, due: Due) -> Kept:
        inbox = self._services.organisation().inboxes.get(due.inbox_id)
        if inbox is None:
            raise NotTaken(Trouble.NO_ACCESS, "the inbox is gone")
        announced = Announced(media_id=due.media_id, url=due.url, sha256=due.sha256, mime_type=due.mime_type)
        async with scratch() as file:
            access = await self._tokens.of(inbox) if due.media_id else None
            fetched = await self._graph.fetch(
                inbox, access.token if access else None, announced, file.write,
                app_secret=access.app_secret if access else None,
            )  # fmt: skip
            digest = await file.finish()
            found = sniffing.sniff(file.head)
            if found == sniffing.PROGRAM:
                raise NotTaken(Trouble.PROGRAM)
            if any(each != digest for each in fetched.digests):
                raise NotTaken(Trouble.DAMAGED)
            # What an answer's header says is a hint: servers call many things octet-stream.
            claimed = due.mime_type or (fetched.mime_type if due.media_id else None)
            kind = sniffing.seen(found) if due.kind is AttachmentKind.UNDECLARED else due.kind
            if kind is None or not sniffing.agrees(kind, claimed, found):
                raise NotTaken(Trouble.NOT_AS_CLAIMED, f"found {found}")
            mime_type = sniffing.settled(kind, claimed, found)
            return await keep(self._services, file, digest, due.id, kind, mime_type)

    async def _record(self, due: Due, kept: Kept) -> None:
        async with unit(self._services) as work:
            conversation = await work.lock(due.conversation_id)
            if await attachments.keep_stored(work.connection, due, kept):
                fact = AttachmentStored(attachment_id=due.id, message_id=due.message_id)
                work.record(conversation, fact, actor="system", user_id=conversation.owner_id)

    async def _give_up(self, due: Due, error: NotTaken) -> None:
        trouble = media.verdict(due.kind, error.trouble)
        age = due.claimed_at - due.created_at
        pause = media.next_try(trouble, due.attempts, age, by_id=due.media_id is not None)
        _log.info(
            "attachment_not_fetched", attachment=due.id, trouble=error.trouble, detail=error.detail, again=bool(pause)
        )
        if pause is not None:
            seconds = max(pause.total_seconds(), min(error.retry_after_seconds or 0.0, 3600.0))
            async with self._services.pool.acquire() as connection:
                await attachments.wait_again(connection, due, trouble, seconds)
            return
        async with unit(self._services) as work:
            conversation = await work.lock(due.conversation_id)
            if await attachments.keep_failed(work.connection, due, trouble):
                fact = AttachmentFailed(attachment_id=due.id, message_id=due.message_id)
                work.record(conversation, fact, actor="system", user_id=conversation.owner_id)


async def keep(
    services: Services, file: Scratch, digest: bytes, attachment_id: int, kind: AttachmentKind, mime_type: str,
    source: Path | None = None,
) -> Kept:  # fmt: skip
    """Stores the file and its thumbnail under names of their own, which a row must name within a day.

    The digest is in the name, so that a file can be checked by itself; the attachment's id too: deleting one never
    touches another's, whoever else was sent the same bytes. Raises `KeepingError`.
    """
    picture = file.folder / "thumbnail"
    if kind is AttachmentKind.DOCUMENT:
        seen = workshop.Look()
    else:
        seen = await workshop.look(source or file.path, picture, kind)
    key = f"{digest.hex()[:2]}/{digest.hex()}-{attachment_id}"
    thumbnail_key = f"{key}.thumbnail" if seen.thumbnail else None
    async with services.pool.acquire() as connection:
        await attachments.promise_deletion(connection, [each for each in (key, thumbnail_key) if each])
    size = file.size if source is None else source.stat().st_size
    await services.files.put(key, source or file.path)
    if thumbnail_key:
        await services.files.put(thumbnail_key, picture)
    return Kept(
        kind=kind, storage_key=key, thumbnail_key=thumbnail_key, size=size, digest=digest, mime_type=mime_type,
        width=seen.width, height=seen.height, duration_seconds=seen.duration_seconds, animated=seen.animated,
    )  # fmt: skip


async def sweep(services: Services, unsent_seconds: float) -> None:
    """Drops uploads nobody sent, and deletes the files nobody refers to any more."""
    async with services.pool.acquire() as connection:
        if dropped := await uploads.drop_unsent(connection, unsent_seconds):
            _log.info("unsent_uploads_dropped", count=dropped)
        keys = await attachments.to_delete(connection)
    gone = []
    for key in keys:
        try:
            await services.files.delete(key)
            gone.append(key)
        except KeepingError as error:
            _log.warning("file_not_deleted", cause=str(error))
            break
    if gone:
        async with services.pool.acquire() as connection:
            await attachments.deleted(connection, gone)
