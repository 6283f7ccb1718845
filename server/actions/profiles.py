"""Looks up who somebody on Messenger or Instagram is: name, handle and picture, as far as Meta tells them.

Claim and commit, ask, record: the intake never waits for it, and a message of somebody unnamed is shown at once.
"""

from urllib.parse import urlsplit

import structlog

from server.actions.tokens import Tokens
from server.actions.unit import Services, unit
from server.channels.graph_media import Announced, GraphMedia
from server.channels.graph_nodes import GraphNodes, NotTold
from server.domain import sniffing
from server.domain.errors import Unavailable
from server.domain.events import ContactChanged
from server.domain.failure_codes import rule_of
from server.domain.failures import Course
from server.domain.media import AttachmentKind, NotTaken
from server.domain.model import Channel
from server.files import workshop
from server.files.keeping import KeepingError
from server.files.scratch import scratch
from server.store import attachments, profiles
from server.store.profiles import Asked

FRESH_SECONDS = 7 * 86_400.0
# Others may think us dead after this.
CLAIM_SECONDS = 120.0
# Meta says no today; a person's consent or a permission may come.
_NO_ANSWER_SECONDS = 86_400.0
_WAITS = (30.0, 120.0, 600.0, 3600.0, 21_600.0)
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")

# No profile, for good reasons: the customer stays nameless and is served all the same (facts §4, §8.2).
_TROUBLE = {
    230: "consent", 9010: "unknown", 2018218: "consent", 2018247: "permission", 10: "permission", 200: "permission",
    100: "unknown",
}  # fmt: skip

_log = structlog.get_logger()


class Namer:
    def __init__(self, services: Services, nodes: GraphNodes, tokens: Tokens, media: GraphMedia | None = None) -> None:
        self._services = services
        self._nodes = nodes
        self._tokens = tokens
        # Without it names and handles only.
        self._media = media

    async def look_up_due(self, most: int = 8) -> float | None:
        """Asks about those it is time for; returns the seconds until the next, None when nobody is known."""
        async with self._services.pool.acquire() as connection:
            claimed = await profiles.claim(connection, most, CLAIM_SECONDS)
        for asked in claimed:
            try:
                await self._look_up(asked)
            except Unavailable:
                raise
            except Exception as error:
                # Of this one alone; its claim lapses, and it is asked again.
                _log.warning("profile_not_recorded", identity=asked.identity_id, cause=type(error).__name__)
        if claimed:
            return 0.0
        async with self._services.pool.acquire() as connection:
            return await profiles.seconds_to_next(connection)

    async def _look_up(self, asked: Asked) -> None:
        inbox = self._services.organisation().inboxes.get(asked.inbox_id)
        access = await self._tokens.of(inbox) if inbox else None
        if inbox is None or access is None:
            return await self._ask_again(asked, "token")
        try:
            person = await self._nodes.person(inbox, access.token, asked.value, app_secret=access.app_secret)
        except NotTold as error:
            return await self._not_told(asked, error, pauses=_pauses(inbox.channel, error))
        async with unit(self._services) as work:
            held = await work.lock_many(await profiles.answering_to(work.connection, asked.identity_id))
            if await profiles.learn(work.connection, asked.identity_id, person.name, person.username):
                for conversation in held.values():
                    work.record(conversation, ContactChanged(), actor="system", user_id=conversation.owner_id)
            await profiles.known(work.connection, asked.identity_id, FRESH_SECONDS)
        if person.picture_url:
            await self._keep_picture(asked, person.picture_url)
        return None

    async def _not_told(self, asked: Asked, error: NotTold, *, pauses: bool) -> None:
        failure = error.failure
        if failure is None or pauses:
            return await self._ask_again(asked, "token" if pauses else "unreached")
        trouble = _TROUBLE.get(failure.subcode or 0) or _TROUBLE.get(failure.code)
        if trouble is None:
            return await self._ask_again(asked, f"code {failure.code}")
        _log.info("profile_not_told", identity=asked.identity_id, code=failure.code, subcode=failure.subcode)
        async with unit(self._services) as work:
            await profiles.known(work.connection, asked.identity_id, _NO_ANSWER_SECONDS, trouble)
        return None

    async def _ask_again(self, asked: Asked, trouble: str) -> None:
        seconds = _WAITS[min(asked.attempts, len(_WAITS)) - 1]
        async with unit(self._services) as work:
            await profiles.ask_again(work.connection, asked.identity_id, seconds, trouble)

    async def _keep_picture(self, asked: Asked, address: str) -> None:
        """Only a small picture of our own making is kept: what Meta serves is anybody's bytes."""
        source = urlsplit(address).path[:500]
        if self._media is None or (asked.picture_key and asked.picture_source == source):
            return
        try:
            async with scratch() as file:
                announced = Announced(media_id=None, url=address, sha256=None, mime_type=None)
                await self._media.fetch(
                    self._services.organisation().inboxes[asked.inbox_id], None, announced, file.write
                )
                digest = await file.finish()
                small = file.folder / "small"
                if sniffing.sniff(file.head) not in _PICTURES:
                    return
                if not (await workshop.look(file.path, small, AttachmentKind.IMAGE)).thumbnail:
                    return
                key = f"people/{digest.hex()[:2]}/{digest.hex()}-{asked.identity_id}"
                async with self._services.pool.acquire() as connection:
                    await attachments.promise_deletion(connection, [key])
                await self._services.files.put(key, small)
        except (NotTaken, KeepingError, OSError) as error:
            # A name without a picture is a name; the next look-up tries again.
            _log.info("picture_not_kept", identity=asked.identity_id, cause=type(error).__name__)
            return
        async with unit(self._services) as work:
            held = await work.lock_many(await profiles.answering_to(work.connection, asked.identity_id))
            await profiles.keep_picture(work.connection, asked.identity_id, key, "image/webp", source)
            for conversation in held.values():
                work.record(conversation, ContactChanged(), actor="system", user_id=conversation.owner_id)


def _pauses(channel: Channel, error: NotTold) -> bool:
    return error.failure is not None and rule_of(channel, error.failure).course is Course.PAUSE_INBOX
