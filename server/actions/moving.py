"""Moves messages after their outbox rows: what follows an acceptance or a failure of ours."""

from collections.abc import Sequence

import msgspec

from server.actions import consequences, marks, not_sent, sla
from server.actions.prices import Prices
from server.actions.unit import Unit
from server.domain import failures, window
from server.domain.delivery import moves_forward
from server.domain.events import MessageMoved
from server.domain.inbound import Failure
from server.domain.model import Author, MessageStatus, Purpose
from server.store import messages, outbox, windows
from server.store.messages import Move
from server.store.outbox import Claimed


class Moving:
    """Within the unit that recorded the outcomes; the conversations are locked."""

    def __init__(self, work: Unit) -> None:
        self._work = work

    async def accept(self, accepted: Sequence[tuple[Claimed, str | None]]) -> None:
        if not accepted:
            return
        work, connection = self._work, self._work.connection
        known = await outbox.messages_of(connection, [each.message_id for each, _ in accepted])
        await messages.recognise(connection, [(each.message_id, id) for each, id in accepted if id])
        parked: dict[tuple[str, str], list[messages.ParkedStatus]] = {}
        for status in await messages.take_parked(connection, [(each.inbox_id, id) for each, id in accepted if id]):
            parked.setdefault((status.inbox_id, status.provider_id), []).append(status)
        met: list[Claimed] = []
        moves: list[Move] = []
        prices, refused = Prices(), []
        for claimed, provider_id in accepted:
            message = known[claimed.message_id]
            reached = self._step(claimed, message.status, MessageStatus.ACCEPTED)
            move = Move(id=message.id, status=reached, at=work.now)
            for status in sorted(parked.get((claimed.inbox_id, provider_id or ""), []), key=lambda each: each.at):
                prices.note(claimed.conversation_id, message.id, status.status, status.body)
                after = self._step(claimed, reached, status.status)
                if after is MessageStatus.FAILED and status.failure:
                    refused.append((work.held(claimed.conversation_id), failures.read(status.failure)))
                if after is not reached:
                    reached, move = after, Move(id=message.id, status=after, at=status.at, failure=status.failure)
            if reached is not message.status:
                moves.append(move)
            if message.author is Author.ADVISOR and reached is not MessageStatus.FAILED:
                met.append(claimed)
        await messages.move(connection, moves)
        await marks.take_off(work, [each.id for each in moves if each.status is MessageStatus.FAILED])
        await self._begin_free_entries([each for each, _ in accepted])
        await prices.write(connection)
        await consequences.of_failures(work, refused)
        await self._hand_off([each for each, _ in accepted], moves)
        await sla.meet_many(work, [(work.held(each.conversation_id), each.created_at) for each in met])

    async def _begin_free_entries(self, accepted: Sequence[Claimed]) -> None:
        """The first answer to somebody who came by an advertisement begins three days that cost nothing."""
        entries = [
            (each.conversation_id, until)
            for each in accepted
            if (until := window.free_entry(each.ad_entry_at, each.claimed_at)) is not None
        ]
        if entries:
            await windows.begin_free_entry(self._work.connection, entries)

    async def fail(self, failed: Sequence[tuple[Claimed, Failure]]) -> None:
        if not failed:
            return
        known = await outbox.messages_of(self._work.connection, [each.message_id for each, _ in failed])
        moves: list[Move] = []
        for claimed, failure in failed:
            before = known[claimed.message_id].status
            if self._step(claimed, before, MessageStatus.FAILED) is not before:
                moves.append(
                    Move(id=claimed.message_id, status=MessageStatus.FAILED, at=self._work.now,
                         failure=msgspec.to_builtins(failure))
                )  # fmt: skip
        await messages.move(self._work.connection, moves)
        await marks.take_off(self._work, [each.id for each in moves])
        await self._hand_off([each for each, _ in failed], moves)

    async def _hand_off(self, ended: Sequence[Claimed], moves: Sequence[Move]) -> None:
        failed = {each.id for each in moves if each.status is MessageStatus.FAILED}
        spoken = (each for each in ended if each.purpose is Purpose.BOT and each.message_id in failed)
        await not_sent.hand_off(self._work, {each.message_id: self._work.held(each.conversation_id) for each in spoken})

    def _step(self, claimed: Claimed, before: MessageStatus, after: MessageStatus) -> MessageStatus:
        if not moves_forward(before, after):
            return before
        conversation = self._work.held(claimed.conversation_id)
        fact = MessageMoved(message_id=claimed.message_id, status=after)
        self._work.record(conversation, fact, actor="system", user_id=conversation.owner_id)
        return after
