"""What customers said they want no more of, or again: kept for each inbox, and shown in their conversation."""

from collections.abc import Sequence

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain.events import Fact, MarketingResumed, MarketingStopped
from server.domain.inbound import PreferenceItem
from server.store import conversations, suppressions
from server.store.suppressions import NewSuppression

# 'signup' asks for marketing as 'resume' does.
_STOPS = {"stop": True, "resume": False, "signup": False}


async def apply(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person]) -> None:
    """The preferences among a batch's arrivals; the newest word of each customer counts, however late news comes."""
    rows = []
    for each in arrivals:
        item = each.item
        if isinstance(item, PreferenceItem) and each in people and item.value in _STOPS:
            rows.append(
                NewSuppression(
                    contact_id=people[each].contact_id, inbox_id=each.inbox.id, category=item.category,
                    value="stop" if _STOPS[item.value] else "resume", source="preference", at=item.at,
                )
            )  # fmt: skip
    if not rows:
        return
    written = await suppressions.put(work.connection, rows)
    newest = {each.key: each for each in sorted(rows, key=lambda row: row.at) if each.key in written}
    talks = await conversations.current(work.connection, sorted({(each.inbox_id, each.contact_id) for each in rows}))
    await work.lock_many(sorted(set(talks.values())))
    for row in newest.values():
        if (conversation_id := talks.get((row.inbox_id, row.contact_id))) is not None:
            conversation = work.held(conversation_id)
            kind = MarketingStopped if row.value == "stop" else MarketingResumed
            fact: Fact = kind(category=row.category)
            work.record(conversation, fact, actor="customer", user_id=conversation.owner_id)
