"""Rows into what the console is sent, in one person's language."""

from collections.abc import Collection
from typing import Any

import msgspec

from server.domain import kinds, labels, window
from server.domain.access import (
    Viewer,
    administers,
    reads_every_conversation,
    sees_board,
    takes_conversations,
)
from server.domain.model import IdentityKind, Role
from server.domain.organisation import Organisation
from server.store.feed import PushRow
from server.store.rows import FactRow, IdentityRow, MessageRow, NoteRow, OfferRow, SummaryRow
from server.store.timers import TimerRow
from server.store.users import Profile
from server.web import i18n, message_parts, wire, words
from server.web.i18n import Catalogue

PREFERENCES: dict[str, Any] = {"theme": "", "sound": True, "desktop_notices": False, "enter_sends": True}


class Presenter:
    """Speaks one language about one organisation."""

    def __init__(self, organisation: Organisation, language: str) -> None:
        self.organisation = organisation
        self.catalogue = i18n.catalogue(language)

    def summary(self, row: SummaryRow) -> wire.Summary:
        return wire.Summary(
            id=row.id, version=row.version, sector=row.sector_id, sector_name=self.sector(row.sector_id).name,
            channel=row.channel, inbox=row.inbox_id, inbox_name=self.inbox_name(row.inbox_id), state=row.state,
            priority=row.priority, queue=row.queue_id, queue_name=self.queue_name(row.queue_id),
            owner=wire.Named(id=row.owner_id, name=row.owner_name or "") if row.owner_id is not None else None,
            contact=wire.Contact(
                id=row.contact_id, name=row.contact_name, username=row.contact_username,
            ),
            language=row.language, last_message=_last_message(row, self.catalogue), unread=row.unread,
            waiting_since=row.waiting_since, opened_at=row.opened_at, last_message_at=row.last_message_at,
            resolved_at=row.resolved_at, window_closes_at=window.closes_at(row.window_opened_at),
            people_until=window.people_until(
                row.channel, row.window_opened_at, human_agent=self.has_human_agent(row.inbox_id)
            ),
            private_reply=_private_reply(row), timer=_timer(row),
        )  # fmt: skip

    def message(self, row: MessageRow) -> wire.Message:
        return message_parts.message(row, self.catalogue)

    def fact(self, row: FactRow) -> wire.FactLine:
        return wire.FactLine(
            version=row.version, kind=row.kind, at=row.at, actor_name=row.actor_name, data=row.data,
            words=self.words(row.kind, row.data, row.actor_name, row.subject_name),
        )  # fmt: skip

    def words(self, kind: str, data: dict[str, Any], actor_name: str | None, subject_name: str | None) -> str:
        return words.fact(
            kind, data, actor_name=actor_name, subject_name=subject_name,
            organisation=self.organisation, catalogue=self.catalogue,
        )  # fmt: skip

    def offer(self, row: OfferRow) -> wire.Offer:
        why = words.why_offered(row.skills, row.summary.queue_id, self.organisation, self.catalogue)
        return wire.Offer(
            id=row.offer_id, conversation=self.summary(row.summary), offered_at=row.offered_at,
            expires_at=row.expires_at, wants=row.wants or "", why=why,
        )  # fmt: skip

    def push(self, row: PushRow, *, whole: bool, offered: bool) -> wire.Push:
        """`whole`: the receiver may read the conversation; `offered`: the receiver is whom the offer is made to."""
        shown = whole and row.kind in words.SHOWN
        return wire.Push(
            id=row.id, stream=row.stream, version=row.version, kind=row.kind, at=row.at, actor=row.actor,
            actor_name=row.actor_name, conversation_id=row.conversation_id, data=row.data,
            conversation=self.summary(row.summary) if whole and row.summary else None,
            message=self.message(row.message) if whole and row.message else None,
            note=note(row.note) if whole and row.note else None,
            offer=self.offer(row.offer) if offered and row.offer else None,
            fact=self.fact(msgspec.convert(row, FactRow, from_attributes=True)) if shown else None,
        )  # fmt: skip

    def me(self, viewer: Viewer, profile: Profile, csrf_token: str) -> wire.Me:
        return wire.Me(
            id=viewer.user_id, name=viewer.name, email=viewer.email, role=viewer.role,
            sectors=[self.sector(each) for each in sorted(viewer.sectors)], presence=profile.presence,
            presence_reason=profile.presence_reason, capacity=profile.capacity or 0, load=profile.load,
            language=viewer.language, preferences=PREFERENCES | profile.preferences, csrf_token=csrf_token,
            rights=wire.Rights(
                board=sees_board(viewer), administer=administers(viewer),
                supervise=reads_every_conversation(viewer) and viewer.role is not Role.OWNER,
                converse=takes_conversations(viewer) and profile.capacity is not None,
            ),
        )  # fmt: skip

    def sector(self, sector_id: str) -> wire.NamedEntity:
        sector = self.organisation.sectors.get(sector_id)
        name = words.named(sector.names, self.catalogue, sector_id) if sector else sector_id
        return wire.NamedEntity(id=sector_id, name=name)

    def labels(self, sector_id: str, given: Collection[str]) -> list[wire.Label]:
        """By name: the sector's own, and what a contact still has of former ones."""
        sector = self.organisation.sectors.get(sector_id)
        known = labels.known(sector) if sector else {}
        found = [
            wire.Label(id=each, name=words.named(known.get(each, {}), self.catalogue, each), on=each in given)
            for each in known.keys() | set(given)
        ]
        return sorted(found, key=lambda each: (each.name.casefold(), each.id))

    def queue_name(self, queue_id: str | None) -> str | None:
        queue = self.organisation.queues.get(queue_id or "")
        return words.named(queue.names, self.catalogue, queue.id) if queue else queue_id

    def inbox_name(self, inbox_id: str) -> str:
        # One just applied may not have reached this process's memory yet.
        inbox = self.organisation.inboxes.get(inbox_id)
        return words.named(inbox.names, self.catalogue, inbox_id) if inbox else inbox_id

    def has_human_agent(self, inbox_id: str) -> bool:
        inbox = self.organisation.inboxes.get(inbox_id)
        return inbox.human_agent if inbox else False


def push(row: PushRow, organisation: Organisation, language: str, *, whole: bool, offered: bool) -> wire.Push:
    """What the hub sends: see `Presenter.push`."""
    return Presenter(organisation, language).push(row, whole=whole, offered=offered)


def note(row: NoteRow) -> wire.Note:
    return wire.Note(id=row.id, author=wire.Named(id=row.author_id, name=row.author_name), text=row.text, at=row.at)


def identities(rows: list[IdentityRow]) -> list[wire.Identity]:
    labelled = [(row, identity_label(row.kind, row.value, row.username, row.name)) for row in rows]
    return [
        wire.Identity(kind=row.kind, label=label, picture=f"/api/identities/{row.id}/picture" if row.pictured else None)
        for row, label in labelled
        if label
    ]


def identity_label(kind: IdentityKind, value: str, username: str | None, name: str) -> str:
    """A number, a handle or a name; Meta's own numbers for people say nothing to anybody."""
    if kind is IdentityKind.PHONE:
        return "+" + value.lstrip("+")
    return f"@{username}" if username else name


def _last_message(row: SummaryRow, catalogue: Catalogue) -> wire.LastMessage | None:
    if row.last_id is None or row.last_author is None or row.last_at is None:
        return None
    return wire.LastMessage(
        id=row.last_id, author=row.last_author, kind=row.last_kind or "",
        kind_name=catalogue.gettext(kinds.name(row.last_kind or "")), text=row.last_text or "", at=row.last_at,
        status=row.last_status,
    )  # fmt: skip


def _private_reply(row: SummaryRow) -> wire.PrivateReply | None:
    until = window.private_reply_until(row.window_opened_at, row.comment)
    if until is None or row.comment is None:
        return None
    return wire.PrivateReply(until=until, answered=row.comment.answered)


def timer(row: TimerRow) -> wire.Timer:
    return wire.Timer(
        target=row.target, state=row.state, due_at=row.due_at, warn_at=row.warn_at, breached_at=row.breached_at
    )


def _timer(row: SummaryRow) -> wire.Timer | None:
    if row.timer_target is None or row.timer_state is None:
        return None
    return wire.Timer(
        target=row.timer_target, state=row.timer_state, due_at=row.timer_due_at, warn_at=row.timer_warn_at,
        breached_at=row.timer_breached_at,
    )  # fmt: skip
