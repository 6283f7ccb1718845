"""Brings files we send to Meta, before the messages that carry them: until then those wait in the outbox.

An upload tells nobody anything: unlike a send it may be tried again at will.
"""

from server.actions.media import LEASE_SECONDS
from server.actions.tokens import Tokens
from server.actions.unit import Services, Topic
from server.channels.graph import Refused, Unsent
from server.channels.graph_media import GraphMedia
from server.channels.media_forms import ToUpload
from server.domain.failure_codes import NO_FILE, NO_TOKEN, rule_of
from server.domain.failures import Course
from server.domain.inbound import Failure
from server.store import uploads
from server.store.uploads import DueUpload

_TRIES = 6
# A paused inbox goes on by its new token; this is only the net.
_NO_ACCESS_SECONDS = 60.0


class Bringer:
    def __init__(self, services: Services, graph: GraphMedia, tokens: Tokens) -> None:
        self._services = services
        self._graph = graph
        self._tokens = tokens

    async def claim(self, most: int) -> list[DueUpload]:
        async with self._services.pool.acquire() as connection:
            return await uploads.claim(connection, most, LEASE_SECONDS)

    async def bring(self, due: DueUpload) -> None:
        """One call, and its outcome written down."""
        outcome = await self._call(due)
        async with self._services.pool.acquire() as connection:
            if isinstance(outcome, str):
                await uploads.done(connection, due, outcome)
            elif isinstance(outcome, float):
                await uploads.later(connection, due, outcome)
                return
            else:
                await uploads.failed(connection, due, outcome)
        self._services.waker.wake(Topic.OUTBOX)

    async def bring_due(self, most: int = 16) -> int:
        """One round by itself. Returns how many were due."""
        claimed = await self.claim(most)
        for due in claimed:
            await self.bring(due)
        return len(claimed)

    async def _call(self, due: DueUpload) -> str | float | Failure:
        """Meta's id; or the seconds until the next try; or why there is none."""
        inbox = self._services.organisation().inboxes.get(due.inbox_id)
        if inbox is None:
            return Failure(code=NO_TOKEN, title="The inbox is gone")
        access = await self._tokens.of(inbox)
        if access is None:
            return _NO_ACCESS_SECONDS
        name = due.name or f"{due.kind.value}-{due.id}"
        file = ToUpload(
            kind=due.kind, mime_type=due.mime_type, name=name, size=due.size,
            read=lambda: self._services.files.read(due.storage_key, 0, due.size),
        )  # fmt: skip
        answer = await self._graph.upload(inbox, access.token, file, app_secret=access.app_secret)
        if isinstance(answer, str):
            return answer
        if isinstance(answer, Unsent):
            return _pause(due) or Failure(code=NO_FILE, title="Meta did not get the file", detail=answer.reason)
        return self._refused(due, answer, rule_of(inbox.channel, answer.failure).course)

    def _refused(self, due: DueUpload, answer: Refused, course: Course) -> float | Failure:
        if course is Course.PAUSE_INBOX:
            # Nothing is wrong with the file.
            return _NO_ACCESS_SECONDS
        if course in (Course.RETRY, Course.UNSURE):
            return _pause(due) or answer.failure
        return answer.failure


def _pause(due: DueUpload) -> float | None:
    return min(2.0**due.attempts, 300.0) if due.attempts < _TRIES else None
