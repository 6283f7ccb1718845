"""Two contacts turn out to be one person: who stays, and which of two conversations in one inbox goes on."""

from collections.abc import Collection, Iterable
from typing import Protocol

from server.domain.conversation import Conversation
from server.domain.model import ConversationState, IdentityKind

# Meta gives a person one of these within its scope at a time: two that differ are two people, unless Meta says so.
_ONE_EACH = frozenset({IdentityKind.WHATSAPP_USER, IdentityKind.PAGE_USER, IdentityKind.INSTAGRAM_USER})


class Known(Protocol):
    @property
    def kind(self) -> IdentityKind: ...
    @property
    def scope(self) -> str: ...
    @property
    def value(self) -> str: ...


def kept(contact_ids: Collection[int]) -> int:
    """The contact we have known longest."""
    return min(contact_ids)


def contradict(ours: Iterable[Known], theirs: Iterable[Known]) -> bool:
    """Whether identities of two contacts speak against one person: different ids of one kind in one scope."""
    mine, others = _ids(ours), _ids(theirs)
    return any(mine[place].isdisjoint(others[place]) for place in mine.keys() & others.keys())


def _ids(identities: Iterable[Known]) -> dict[tuple[IdentityKind, str], set[str]]:
    found: dict[tuple[IdentityKind, str], set[str]] = {}
    for each in identities:
        if each.kind in _ONE_EACH:
            found.setdefault((each.kind, each.scope), set()).add(each.value)
    return found


def goes_on(one: Conversation, other: Conversation) -> Conversation:
    """Of two unresolved conversations of one inbox: the owned one, else the older."""
    return min(one, other, key=lambda each: (each.owner_id is None, each.opened_at, each.id))


def take_up(conversation: Conversation, ended: Conversation) -> None:
    """What the customer still waits for in the one that ends, they now wait for in the one that goes on."""
    waits = [each.waiting_since for each in (conversation, ended) if each.waiting_since is not None]
    heard = [each.last_inbound_at for each in (conversation, ended) if each.last_inbound_at is not None]
    conversation.waiting_since = min(waits, default=None)
    conversation.last_inbound_at = max(heard, default=None)
    conversation.unread += ended.unread


def waits_for_people(conversation: Conversation) -> bool:
    return conversation.state in (ConversationState.QUEUED, ConversationState.OFFERED)
